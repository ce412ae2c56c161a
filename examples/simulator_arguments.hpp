// SPDX-License-Identifier: BSL-1.0
// The command line of the stand-alone simulator.
#pragma once

#include <eloqua/bulk/simulator/fault_script.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct bad_usage : std::runtime_error {
    using runtime_error::runtime_error;
};

/// One way in which the real service behaves, or may behave.
struct oddity {
    std::string_view name, what;
    void (*choose)(bulk::simulator_options&);
};

using bulk::simulator_options;
inline constexpr oddity oddities[] = {
    {"count-zero", "`count` is 0 although there are items",
     [](auto& o) { o.count_always_zero = true; }},
    {"no-empty-items", "a page without items has no `items`",
     [](auto& o) { o.omit_empty_items = true; }},
    {"untidy-logs", "logs out of order, with an entry without a message",
     [](auto& o) { o.untidy_logs = true; }},
    {"shuffle", "an export that repeats {{Activity.CreatedAt}} puts values under wrong columns",
     [](auto& o) { o.shuffle_repeated_statements = true; }},
    {"shuffle-pages", "each page has the rows in another order",
     [](auto& o) { o.shuffle_pages = true; }},
    {"local-times", "times in rows are US Eastern, unless a definition says UTC",
     [](auto& o) { o.timestamps_in_utc = false; }},
    {"digit-booleans", "booleans in rows are 1 and 0",
     [](auto& o) {
         o.true_text = "1";
         o.false_text = "0";
     }},
    {"auto-sync", "pushes start a sync, unless a definition says not to",
     [](auto& o) { o.sync_triggered_on_import = true; }},
    {"one-sync", "a second simultaneous sync of a definition is refused",
     [](auto& o) { o.allow_concurrent_syncs = false; }},
    {"keep-data", "exported rows outlive their definition",
     [](auto& o) { o.data_goes_with_definition = false; }},
    {"unsynced-404", "reading data of an export that was never synced gives 404",
     [](auto& o) { o.unsynced_exports_have_data = false; }},
    {"lenient-paging", "limits and offsets out of range are ignored",
     [](auto& o) { o.refuses_bad_paging = false; }},
    {"strict-filters", "filters need quotes and upper-case keywords",
     [](auto& o) { o.lenient_filters = false; }},
    {"keep-first", "of rows with the same identifier the first is imported",
     [](auto& o) { o.duplicates_keep_last = false; }},
    {"texts-only", "pushed values that are not strings make a row malformed",
     [](auto& o) { o.takes_values_without_quotes = false; }},
    {"case-matters", "identifiers are case sensitive",
     [](auto& o) { o.identifiers_ignore_case = false; }},
    {"index-per-push", "`recordIndex` of rejects starts over with each push",
     [](auto& o) { o.record_index_per_request = true; }},
    {"blank-defaults", "new records get default values even where a row has a blank",
     [](auto& o) { o.default_values = bulk::default_value_use::not_given_or_blank; }},
    {"no-defaults", "new records get no default values",
     [](auto& o) { o.default_values = bulk::default_value_use::never; }},
    {"free-activities", "exports of activities need no type in their filter",
     [](auto& o) { o.activity_exports_need_type = false; }},
    {"fixed-refresh-token", "a refresh returns no new refresh token",
     [](auto& o) { o.rotates_refresh_tokens = false; }},
    {"refresh-ends-access", "using a refresh token ends its access token",
     [](auto& o) { o.refresh_ends_access_token = true; }},
    {"no-consent", "users refuse to authorize the application",
     [](auto& o) { o.user_consents = false; }},
};

inline std::string usage() {
    std::string text =
        R"(usage: simulator [options]

Runs a simulated Eloqua until it is interrupted. It has contacts, and one of each asset that the API
lists: contact list 101, segment 201, filter 301, account list 401, e-mail group 11, scoring model 1,
import priority 1, custom object 501, event 601.

  --port P          port of 127.0.0.1 to listen on; 0, the default, picks a free one
  --tls             HTTPS, with a new certificate authority
  --company NAME    company name of the credentials (default Company)
  --user NAME       user name of the credentials (default user)
  --password-env V  environment variable that has the password; the default password is "secret"
  --oauth ID:URI    client id and redirect URI of the OAuth application (default
                    app:https://client.example.com/cb)
  --oauth-secret-env V
                    environment variable that has the client secret; the default secret is "secret"

Records, which are computed from their numbers and take no memory:

  --contacts N      contacts (default 1000)
  --accounts N      accounts; contacts name the first 1000
  --records N       records of custom object 501, linked to one contact after the other
  --activities N    activities of the contacts, of all types, over the last year

Behaviour:

  --fields FILE     fields of a real instance: JSON, either a response to GET /contacts/fields or
                    the array of its items; lists of other entities too. A field replaces the one
                    with its internal name, and keeps its id. Unusable entries are reported. May be
                    repeated
  --page-delay MS   milliseconds of delay before each page of rows
  --gzip            compresses responses for clients that accept it
  --oddities LIST   names from the list below, separated by commas
  --fault SCRIPT    faults to inject, see below
  --fault-seed N    injects random faults, of all kinds that a client survives by retrying; the same
                    requests get the same faults again
  --help            this text

Each injected fault is reported on standard error, as a line that --fault accepts.

Oddities that the real service is known to have, or may have:

)";
    for (oddity const& each : oddities)
        text.append("  ")
            .append(each.name)
            .append(20 - each.name.size(), ' ')
            .append(each.what)
            .append("\n");
    text += R"(
A fault script consists of entries, separated by line ends or semicolons:

  GET /syncs/{id}/data #2 status 503, seconds 30; POST /syncs lose

An entry has an endpoint, or * for all; the number of the request among those to that endpoint
(default 1; a + after it means all later ones too); a kind of fault; and its details. A text X with a
comma, semicolon or quote needs double quotes. "status N" selects the fault with that status, "lose"
means lose_answer. The kinds with all their details:

)";
    for (std::string const& each : bulk::fault_forms())
        text += "  " + each + "\n";
    return text;
}

/// A secret, and the variable that it comes from.
struct secret {
    std::string text = "secret";
    std::string variable; ///< empty: the default secret
};

struct arguments {
    std::uint16_t port = 0;
    bool tls = false;
    std::int64_t contacts = 1'000, accounts = 0, records = 0, activities = 0;
    std::vector<std::string> fields; ///< files
    std::chrono::milliseconds page_delay{0};
    std::string client_id = "app", redirect_uri = "https://client.example.com/cb";
    secret password, client_secret;
    std::optional<bulk::fault_plan> faults;
    simulator_options options;
};

class argument_reader {
public:
    explicit argument_reader(std::vector<std::string_view> words) : words_(std::move(words)) {}

    /// Empty if only the usage is requested. Throws `bad_usage`.
    std::optional<arguments> read() {
        std::optional<std::uint64_t> seed;
        std::string script;
        for (; at_ != words_.size(); ++at_) {
            std::string_view const option = words_[at_];
            if (option == "--help")
                return std::nullopt;
            if (option == "--tls")
                given_.tls = true;
            else if (option == "--gzip")
                given_.options.gzip = true;
            else if (option == "--port")
                given_.port = static_cast<std::uint16_t>(number(65'535));
            else if (option == "--contacts")
                given_.contacts = number(most_records);
            else if (option == "--accounts")
                given_.accounts = number(most_records);
            else if (option == "--records")
                given_.records = number(most_records);
            else if (option == "--activities")
                given_.activities = number(most_records);
            else if (option == "--fields")
                given_.fields.push_back(value());
            else if (option == "--page-delay")
                given_.page_delay = std::chrono::milliseconds(number(3'600'000));
            else if (option == "--company")
                given_.options.company = name();
            else if (option == "--user")
                given_.options.user = name();
            else if (option == "--password-env")
                given_.password = from_environment();
            else if (option == "--oauth")
                application();
            else if (option == "--oauth-secret-env")
                given_.client_secret = from_environment();
            else if (option == "--oddities")
                choose(value());
            else if (option == "--fault")
                script.append(value()).append("\n");
            else if (option == "--fault-seed")
                seed = static_cast<std::uint64_t>(number(std::numeric_limits<std::int64_t>::max()));
            else
                throw bad_usage("unknown option '" + std::string(option) + "'");
        }
        given_.options.password = given_.password.text;
        if (seed || !script.empty())
            plan(seed, script);
        return given_;
    }

private:
    static constexpr std::int64_t most_records = 4'000'000'000;

    std::string_view option() const { return words_[option_]; }
    std::string value() {
        option_ = at_;
        if (at_ + 1 == words_.size())
            throw bad_usage(std::string(option()) + " needs a value");
        return std::string(words_[++at_]);
    }
    std::int64_t number(std::int64_t most) {
        std::string const text = value();
        std::int64_t n = 0;
        auto const end = text.data() + text.size();
        auto const read = std::from_chars(text.data(), end, n);
        if (read.ec != std::errc() || read.ptr != end || n < 0 || n > most)
            throw bad_usage(std::string(option()) + " takes a number from 0 to " +
                            std::to_string(most) + ", not '" + text + "'");
        return n;
    }
    /// The name of a company or a user, without characters that credentials cannot hold.
    std::string name() {
        std::string text = value();
        bool const plain = std::ranges::all_of(text, [](char c) {
            return c != ':' && c != '\\' && static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
        });
        if (text.empty() || !plain)
            throw bad_usage(std::string(option()) +
                            " takes a name without colons, backslashes and control characters");
        return text;
    }
    secret from_environment() {
        std::string const variable = value();
        if (variable.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789_") != variable.npos)
            throw bad_usage(std::string(option()) +
                            " takes the name of an environment variable, not '" + variable + "'");
        char const* const text = std::getenv(variable.c_str());
        if (!text)
            throw bad_usage(std::string(option()) + ": there is no environment variable '" +
                            variable + "'");
        return {text, variable};
    }
    void application() {
        std::string const text = value();
        std::size_t const colon = text.find(':');
        std::string const uri = colon == text.npos ? "" : text.substr(colon + 1);
        if (colon == 0 || uri.find("://") == uri.npos)
            throw bad_usage("--oauth takes a client id, a colon and a redirect URI, such as "
                            "app:https://client.example.com/cb, not '" +
                            text + "'");
        given_.client_id = text.substr(0, colon);
        given_.redirect_uri = uri;
    }
    void choose(std::string_view list) {
        while (!list.empty()) {
            std::string_view const name = list.substr(0, list.find(','));
            list.remove_prefix(std::min(list.size(), name.size() + 1));
            auto const found = std::ranges::find(oddities, name, &oddity::name);
            if (found == std::end(oddities)) {
                std::string all;
                for (oddity const& each : oddities)
                    all.append(all.empty() ? "" : ", ").append(each.name);
                throw bad_usage("--oddities has no '" + std::string(name) + "'; there are " + all);
            }
            found->choose(given_.options);
        }
    }
    void plan(std::optional<std::uint64_t> seed, std::string const& script) {
        given_.faults = seed ? bulk::fault_plan(*seed) : bulk::fault_plan();
        try {
            bulk::read_fault_plan(script, *given_.faults);
        } catch (std::invalid_argument const& wrong) {
            throw bad_usage(std::string("--fault: ") + wrong.what());
        }
    }

    std::vector<std::string_view> words_;
    std::size_t at_ = 0, option_ = 0;
    arguments given_;
};
