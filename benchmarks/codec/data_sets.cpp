// SPDX-License-Identifier: BSL-1.0
#include "data_sets.hpp"

#include <array>
#include <cstdio>
#include <random>

namespace codec_benchmarks {

namespace {

/// A random generator that gives the same numbers with every standard library.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t n) { return engine_() % n; }
    template <std::size_t N>
    std::string one_of(std::array<char const*, N> const& texts) {
        return texts[below(N)];
    }

private:
    std::mt19937 engine_;
};

template <class... Numbers>
std::string printed(char const* format, Numbers... numbers) {
    char text[64];
    std::snprintf(text, sizeof text, format, numbers...);
    return text;
}

std::string time_text(dice& d) {
    return printed("%04u-%02u-%02u %02u:%02u:%02u.%03u", unsigned(2015 + d.below(10)),
                   unsigned(1 + d.below(12)), unsigned(1 + d.below(28)), unsigned(d.below(24)),
                   unsigned(d.below(60)), unsigned(d.below(60)), unsigned(d.below(1000)));
}
std::string flag_text(dice& d) {
    return std::array{"true", "false", ""}[d.below(3)];
}

constexpr std::array first_names{"Anna",  "Ben",  "Carla", "David", "Eva",   "Frank",
                                 "Grace", "Ian",  "Julia", "Karl",  "Laura", "Mark",
                                 "Zoë",   "José", "Søren", "Jürgen"};
constexpr std::array last_names{"Smith", "Johnson", "Taylor", "Anderson", "Thomas", "Martinez",
                                "Clark", "Lewis",   "Walker", "Robinson", "Young",  "Mitchell"};
constexpr std::array companies{
    "Northwind Traders", "Contoso Ltd",          "Fabrikam",      "Adventure Works Cycles",
    "Tailspin Toys",     "Wide World Importers", "Fourth Coffee", "Graphic Design Institute"};
constexpr std::array cities{"London",   "New York", "Paris",         "Berlin", "Madrid",
                            "Brussels", "Toronto",  "San Francisco", "Zürich", "São Paulo"};
constexpr std::array countries{"United Kingdom", "United States", "France", "Germany",
                               "Spain",          "Belgium",       "Canada", "Brazil"};
constexpr std::array titles{
    "Engineer",   "Director of Marketing", "VP Sales", "Analyst",
    "Consultant", "Account Executive",     "",         "Chief Technology Officer"};
constexpr std::array domains{"example.com", "mail.example.org", "corp.example.net",
                             "marketing.example.com"};
constexpr std::array escapes{"\\\"", "\\/", "\\n", "\\u00e9"};

constexpr std::array wide_texts{"",
                                "",
                                "",
                                "",
                                "Yes",
                                "Gold",
                                "EMEA North",
                                "2024-Q3",
                                "Newsletter",
                                "Enterprise",
                                "Webinar follow-up",
                                "Northwind Traders International",
                                "Software and services for industry",
                                "Düsseldorf",
                                "12 High Street, Springfield",
                                "contact@example.com"};

} // namespace

std::vector<std::vector<std::string>> cells_of(short_rows, std::size_t rows) {
    dice d(20'260'101);
    std::vector<std::vector<std::string>> all;
    for (std::size_t i = 0; i != rows; ++i) {
        std::string const first = d.one_of(first_names), last = d.one_of(last_names);
        std::string company = d.one_of(companies), title = d.one_of(titles);
        if (d.below(9) == 0)
            (d.below(2) ? company : title) += d.one_of(escapes) + std::string("x");
        all.push_back({printed("%s.%s.%zu@", "contact", last.c_str(), i) + d.one_of(domains), first,
                       last, company, d.one_of(cities), d.one_of(countries), title,
                       d.below(3) == 0 ? ""
                                       : printed("+1-555-%03u-%04u", unsigned(d.below(1000)),
                                                 unsigned(d.below(10'000))),
                       printed("CELQ%014zu", i * 7 + 1), std::to_string(d.below(100'000)),
                       time_text(d), flag_text(d)});
    }
    return all;
}

std::vector<std::vector<std::string>> cells_of(wide_rows, std::size_t rows) {
    dice d(20'260'202);
    std::vector<std::vector<std::string>> all;
    for (std::size_t i = 0; i != rows; ++i) {
        std::vector<std::string>& row = all.emplace_back();
        for (int half = 0; half != 2; ++half) {
            for (int text = 0; text != 24; ++text)
                row.push_back(d.one_of(wide_texts));
            for (int number = 0; number != 3; ++number)
                row.push_back(std::to_string(d.below(1'000'000)));
            row.push_back(printed("%u.%02u", unsigned(d.below(10'000)), unsigned(d.below(100))));
            row.push_back(time_text(d));
            row.push_back(flag_text(d));
        }
    }
    return all;
}

} // namespace codec_benchmarks
