// SPDX-License-Identifier: BSL-1.0
#include "simulator_settings.hpp"

#include <eloqua/bulk/simulator/fault_script.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace cli {

namespace {

/// One way in which the real service behaves, or may behave.
struct oddity {
    std::string_view name, what;
    void (*choose)(bulk::simulator_options&);
};

using bulk::simulator_options;
constexpr oddity oddities[] = {
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
    {"utc-filters", "filters read times in UTC, whatever the zone of exported times",
     [](auto& o) { o.filter_times = bulk::literal_zone::utc; }},
    {"eastern-filters",
     "filters read times in US Eastern time, whatever the zone of exported times",
     [](auto& o) { o.filter_times = bulk::literal_zone::us_eastern; }},
    {"hourly-limits", "syncs beyond the hourly limits are refused with 429",
     [](auto& o) { o.over_limit = bulk::rule_response::refuse; }},
    {"one-activity-export", "an activity export fails while another one runs",
     [](auto& o) { o.overlapping_activities = bulk::rule_response::fail; }},
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

constexpr std::int64_t most_records = 4'000'000'000;

void take_number(std::int64_t& into, char const* option, std::string const& text,
                 std::int64_t most) {
    if (!text.empty())
        into = number_of(option, text, 0, most);
}
/// The name of a company or a user, without characters that credentials cannot hold.
void take_name(std::string& into, std::string const& option, std::string const& text) {
    bool const plain = std::ranges::all_of(text, [](char c) {
        return c != ':' && c != '\\' && static_cast<unsigned char>(c) >= ' ' && c != 0x7f;
    });
    if (!plain)
        throw bad_usage(option +
                        " takes a name without colons, backslashes and control characters");
    if (!text.empty())
        into = text;
}
void take_secret(simulated_secret& into, std::string const& option, std::string const& variable) {
    if (variable.empty())
        return;
    if (variable.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                   "0123456789_") != variable.npos)
        throw bad_usage(option + " takes the name of an environment variable, not '" +
                        printable(variable) + "'");
    char const* const text = std::getenv(variable.c_str());
    if (!text)
        throw bad_usage(option + ": there is no environment variable '" + variable + "'");
    into = {text, variable};
}
void take_application(simulator_settings& into, std::string const& text) {
    if (text.empty())
        return;
    std::size_t const colon = text.find(':');
    std::string const uri = colon == text.npos ? "" : text.substr(colon + 1);
    if (colon == 0 || uri.find("://") == uri.npos)
        throw bad_usage("--oauth takes a client id, a colon and a redirect URI, such as "
                        "app:https://client.example.com/cb, not '" +
                        printable(text) + "'");
    into.client_id = text.substr(0, colon);
    into.redirect_uri = uri;
}
void choose(bulk::simulator_options& into, std::string_view list) {
    while (!list.empty()) {
        std::string_view const name = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), name.size() + 1));
        auto const found = std::ranges::find(oddities, name, &oddity::name);
        if (found == std::end(oddities)) {
            std::string all;
            for (oddity const& each : oddities)
                all.append(all.empty() ? "" : ", ").append(each.name);
            throw bad_usage("--oddities has no '" + printable(name) + "'; there are " + all);
        }
        found->choose(into);
    }
}
void take_activity_type(std::optional<bulk::activity_type>& into, std::string const& text) {
    if (text.empty())
        return;
    bulk::activity_type type{};
    if (!boost::describe::enum_from_string(text.c_str(), type)) {
        std::string all;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<bulk::activity_type>>(
            [&](auto const& each) { all.append(all.empty() ? "" : ", ").append(each.name); });
        throw bad_usage("--activity-type has no '" + printable(text) + "'; there are " + all);
    }
    into = type;
}
void plan_faults(simulator_settings& into, simulate_arguments const& given) {
    std::string script;
    for (std::string const& each : given.faults)
        script += each + '\n';
    if (script.empty() && given.fault_seed.empty())
        return;
    std::int64_t seed = 0;
    take_number(seed, "--fault-seed", given.fault_seed, std::numeric_limits<std::int64_t>::max());
    into.faults = given.fault_seed.empty() ? bulk::fault_plan()
                                           : bulk::fault_plan(static_cast<std::uint64_t>(seed));
    try {
        bulk::read_fault_plan(script, *into.faults);
    } catch (std::invalid_argument const& wrong) {
        throw bad_usage(std::string("--fault: ") + wrong.what());
    }
}

} // namespace

simulator_settings settings_of(simulate_arguments const& given) {
    simulator_settings made;
    std::int64_t port = 0, delay = 0;
    take_number(port, "--port", given.port, 65'535);
    take_number(delay, "--page-delay", given.page_delay, 3'600'000);
    take_number(made.contacts, "--contacts", given.contacts, most_records);
    take_number(made.accounts, "--accounts", given.accounts, most_records);
    take_number(made.records, "--records", given.records, most_records);
    take_number(made.activities, "--activities", given.activities, most_records);
    take_activity_type(made.activity_type, given.activity_type);
    made.port = static_cast<std::uint16_t>(port);
    made.page_delay = std::chrono::milliseconds(delay);
    made.tls = given.tls;
    made.fields = given.fields;
    made.options.gzip = given.gzip;
    take_name(made.options.company, "--company", given.company);
    take_name(made.options.user, "--user", given.user);
    take_secret(made.password, "--password-env", given.password_env);
    take_secret(made.client_secret, "--oauth-secret-env", given.oauth_secret_env);
    take_application(made, given.oauth);
    choose(made.options, given.oddities);
    made.options.password = made.password.text;
    plan_faults(made, given);
    return made;
}

std::string simulate_help() {
    std::string text = R"(Example:
  eloqua-bulk simulate --accounts 1000000 --oddities count-zero,untidy-logs \
      --fault 'GET /syncs/{id}/data #2 status 503; POST /syncs lose'

It has contacts, and one of each asset that the API lists: contact list 101, segment 201, filter
301, account list 401, e-mail group 11, scoring model 1, import priority 1, custom object 501, event
601. Records are computed from their numbers and take no memory. Each injected fault is reported on
standard error, as a line that --fault accepts.

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
(default 1; a + after it means all later ones too); a kind of fault; and its details. A text X with
a comma, semicolon or quote needs double quotes. "status N" selects the fault with that status,
"lose" means lose_answer. The kinds with all their details:

)";
    for (std::string const& each : bulk::fault_forms())
        text += "  " + each + "\n";
    return text;
}

} // namespace cli
