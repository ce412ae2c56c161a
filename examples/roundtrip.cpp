// SPDX-License-Identifier: BSL-1.0
// Imports described rows, some of them bad, exports them again and compares every row. By default
// it uses a simulated Eloqua on a local port.
#include <eloqua/bulk.hpp>

#include <boost/describe.hpp>

#include "instance.hpp"
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <unordered_map>
#include <vector>

struct contact {
    std::string email;
    std::string first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> country;
    std::string company; // identifies the rows of this run
    std::optional<std::int64_t> id;

    using eloqua_fields = bulk::fields<
        bulk::field<&contact::email, "C_EmailAddress">,
        bulk::field<&contact::first_name, "C_FirstName">,
        bulk::field<&contact::last_name, "C_LastName">, bulk::field<&contact::country, "C_Country">,
        bulk::field<&contact::company, "C_Company">, bulk::attribute<&contact::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, first_name, last_name, country, company, id))

namespace {

constexpr char const* usage =
    R"(usage: roundtrip [options]

Imports contacts, some of them bad, exports them again and compares every row.
Without --company it starts its own simulated Eloqua on a local port.

  --rows N          rows to import (default 100000)
  --help            this text
)";

std::size_t number_of_rows(std::string const& text) {
    std::size_t rows = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), rows);
    if (ec != std::errc() || end != text.data() + text.size() || rows == 0)
        throw bad_usage("--rows takes a positive number, not '" + text + "'");
    return rows;
}

/// Shows a progress bar on a terminal, else an occasional line.
class progress final : public bulk::observer {
public:
    void begin(std::string what, std::int64_t total) {
        what_ = std::move(what);
        total_ = total;
        next_ = 0;
    }
    void on_rows(std::int64_t rows, std::int64_t total) override {
        total = total ? total : total_;
        if (terminal_) {
            std::string bar(static_cast<std::size_t>(total ? 40 * rows / total : 0), '#');
            bar.resize(40, '.');
            std::cerr << '\r' << what_ << " [" << bar << "] " << rows << " rows"
                      << (rows == total ? "\n" : "") << std::flush;
        } else if (rows >= next_ || rows == total) {
            std::cerr << what_ << ": " << rows << " of " << total << " rows\n";
            next_ = rows + total / 4;
        }
    }
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override {
        std::cerr << (terminal_ ? "\n" : "") << "retrying in "
                  << std::chrono::duration_cast<std::chrono::milliseconds>(delay).count()
                  << " ms: " << why.message() << '\n';
    }

private:
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
    std::string what_;
    std::int64_t total_ = 0, next_ = 0;
};

enum class flaw { none, no_address, repeated };

flaw flaw_of(std::size_t row) {
    return row % 997 == 3 ? flaw::no_address : row % 1499 == 7 ? flaw::repeated : flaw::none;
}

std::vector<contact> make_rows(std::size_t count, std::string const& mark) {
    static constexpr char const* names[] = {"Ana", "Zoë",       "O'Neil \"Bo\"",
                                            "李",  "Tab\there", "Ωmega\\"};
    static constexpr char const* countries[] = {"BE", "PT", "SE", "DE"};
    std::vector<contact> rows(count);
    for (std::size_t i = 0; i != count; ++i) {
        contact& c = rows[i];
        std::size_t const who = flaw_of(i) == flaw::repeated && i > 0 ? i - 1 : i;
        c.email = flaw_of(i) == flaw::no_address
                      ? "no address " + std::to_string(i)
                      : "row" + std::to_string(who) + "." + mark + "@example.com";
        c.first_name = names[i % std::size(names)];
        if (i % 5)
            c.last_name = "Number " + std::to_string(i);
        if (i % 3)
            c.country = countries[i % std::size(countries)];
        c.company = mark;
    }
    return rows;
}

bool same(contact const& a, contact const& b) {
    return a.email == b.email && a.first_name == b.first_name && a.last_name == b.last_name &&
           a.country == b.country && a.company == b.company;
}

/// The number of errors in the report: it must name each flawed row, and no other.
std::size_t check_rejects(std::vector<contact> const& rows,
                          bulk::import_report<contact> const& report, std::vector<bool>& rejected) {
    std::size_t wrong = 0;
    for (auto const& each : report.rejects) {
        if (each.row_index >= rows.size() || rejected[each.row_index]) {
            ++wrong;
            std::cout << "reject does not identify one row: " << each.message << '\n';
            continue;
        }
        rejected[each.row_index] = true;
    }
    for (std::size_t i = 0; i != rows.size(); ++i) {
        // Among rows with the same identifier, the service chooses which one survives.
        bool const one_of_two =
            flaw_of(i) == flaw::repeated && i > 0 && flaw_of(i - 1) != flaw::no_address;
        bool const fine = flaw_of(i) == flaw::no_address ? rejected[i]
                          : one_of_two                   ? rejected[i] != rejected[i - 1]
                          : i + 1 < rows.size() && flaw_of(i + 1) == flaw::repeated
                              ? true // checked with the next row
                              : !rejected[i];
        if (!fine) {
            ++wrong;
            std::cout << "row " << i << " (" << rows[i].email
                      << (rejected[i] ? ") was rejected for no reason\n" : ") was not rejected\n");
        }
    }
    return wrong;
}

void print_rejects(bulk::import_report<contact> const& report) {
    std::map<std::string, std::vector<std::size_t>> rows;
    for (auto const& each : report.rejects)
        rows[make_error_code(each.reason).message() + " " + each.message].push_back(each.row_index);
    for (auto const& [reason, which] : rows) {
        std::cout << "  " << reason << " " << which.size() << " rows:";
        for (std::size_t row : which)
            std::cout << ' '
                      << (row == bulk::import_reject<contact>::unknown ? "?" : std::to_string(row));
        std::cout << '\n';
    }
}

int run(instance_arguments const& where, std::size_t row_count) {
    bulk::client_options options;
    auto const shown = std::make_shared<progress>();
    options.observer = shown;
    instance eloqua(where, options);
    bulk::client& client = eloqua.client();
    std::cout << "instance: " << eloqua.base() << '\n';

    std::string const mark =
        "roundtrip-" + std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
    std::vector<contact> const rows = make_rows(row_count, mark);
    shown->begin("import", static_cast<std::int64_t>(rows.size()));
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows).value();
    std::cout << "import:   " << report << '\n';
    print_rejects(report);
    std::vector<bool> rejected(rows.size());
    std::size_t wrong = check_rejects(rows, report, rejected);

    std::unordered_map<std::string_view, std::size_t> awaited;
    for (std::size_t i = 0; i != rows.size(); ++i)
        if (!rejected[i])
            awaited.emplace(rows[i].email, i);
    std::size_t const good = awaited.size();
    auto source =
        client.export_rows<contact>(bulk::contacts, bulk::where<&contact::company> == mark);
    shown->begin("export", static_cast<std::int64_t>(good));
    for (contact const& c : source) {
        auto const found = awaited.find(c.email);
        bool const fine = found != awaited.end() && same(rows[found->second], c) && c.id;
        if (!fine) {
            ++wrong;
            std::cout << (found == awaited.end() ? "not imported, or exported twice: "
                                                 : "differs: ")
                      << c.email << '\n';
        }
        if (found != awaited.end())
            awaited.erase(found);
    }
    std::cout << "export:   " << source.receipt() << '\n';
    for (auto const& [email, row] : awaited)
        std::cout << "row " << row << " (" << email << ") was not exported\n";
    wrong += awaited.size() + report.disagreements.size();
    std::cout << "compared: " << good << " good rows "
              << (wrong ? "with " + std::to_string(wrong) + " errors"
                        : std::string("came back equal, each once; the others are named above"))
              << '\n';
    return wrong ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    std::size_t rows = 100'000;
    auto own = [&](std::string_view word, auto value) {
        if (word == "--rows")
            rows = number_of_rows(value());
        return word == "--rows";
    };
    return run_example("roundtrip", usage, argc, argv, own,
                       [&](instance_arguments const& where) { return run(where, rows); });
}
