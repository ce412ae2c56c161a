// SPDX-License-Identifier: BSL-1.0
// Shows the progress of an export as a bar.
// Run: 2_recipes/progress_bar (50,000 contacts of a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

class progress_bar final : public bulk::observer {
public:
    explicit progress_bar(std::ostream& out) : out_(out) {}

    void on_sync(std::string_view, std::string_view status) override {
        out_ << "\rEloqua prepares the rows: " << status << "          " << std::flush;
    }
    void on_rows(std::int64_t rows, std::int64_t total) override {
        if (total == 0) // not known
            return;
        percent_ = 100 * rows / total;
        out_ << "\r[" << std::string(static_cast<std::size_t>(percent_ / 2), '#')
             << std::string(static_cast<std::size_t>(50 - percent_ / 2), ' ') << "] " << percent_
             << " % of " << total << " rows" << (rows == total ? "\n" : "") << std::flush;
    }
    std::int64_t percent() const { return percent_; }

private:
    std::ostream& out_;
    std::int64_t percent_ = 0;
};

int main() {
    try {
        bulk::simulator eloqua;
        eloqua.generate_contacts(50'000);
        auto const bar = std::make_shared<progress_bar>(std::cerr);
        bulk::client_options options;
        options.observer = bar;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"},
                                  options};
        std::int64_t const rows =
            client.export_rows<person>(bulk::contacts).for_each([](person const&) {}).value();
        return rows == 50'000 && bar->percent() == 100 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
