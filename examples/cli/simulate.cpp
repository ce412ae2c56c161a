// SPDX-License-Identifier: BSL-1.0
#include "simulate.hpp"

#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cli {

namespace {

std::string text_of(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!in)
        throw bad_usage("cannot read " + file);
    if (text.starts_with("\xEF\xBB\xBF")) // a byte order mark
        text.erase(0, 3);
    return text;
}

/// Adds the fields of a file to the simulator, and reports entries that cannot be used.
void set_fields(bulk::simulator& eloqua, std::string const& file) {
    boost::system::error_code wrong;
    boost::json::value const whole = boost::json::parse(text_of(file), wrong);
    boost::json::object const* const page = whole.if_object();
    boost::json::value const* const items = page ? page->if_contains("items") : &whole;
    if (wrong || !items || !items->is_array())
        throw bad_usage(file + " is not a list of fields in JSON");
    auto const tell = [&](auto const& what) {
        std::cerr << "eloqua-bulk simulate: " << file << ", " << what << '\n';
    };
    std::vector<bulk::field_definition> fields;
    std::vector<std::size_t> entries; ///< of the fields, from 1
    for (std::size_t i = 0; i != items->get_array().size(); ++i) {
        std::string const text = boost::json::serialize(items->get_array()[i]);
        auto read = bulk::parse_document<bulk::field_definition>(text);
        if (read) {
            fields.push_back(std::move(*read));
            entries.push_back(i + 1);
        } else {
            tell(bulk::field_note{i + 1, "", "it is not a field: " + read.error().info.detail});
        }
    }
    for (bulk::field_note note : eloqua.set_fields(fields)) {
        note.entry = entries[note.entry - 1];
        tell(note);
    }
    if (page && page->contains("hasMore") && page->at("hasMore") == true)
        tell("it is only one page of a longer list");
}

/// Generates activities of this type, or of all types, over the last year.
void generate_activities(bulk::simulator& eloqua, std::int64_t count,
                         std::optional<bulk::activity_type> type) {
    constexpr std::chrono::milliseconds year = std::chrono::days(365);
    std::vector<bulk::activity_type> types;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<bulk::activity_type>>(
        [&](auto const& each) {
            if (!type || *type == each.value)
                types.push_back(each.value);
        });
    std::int64_t left = count, types_left = std::ssize(types);
    for (bulk::activity_type const each : types) {
        bulk::activity_series series;
        series.type = each;
        series.count = left / types_left--;
        left -= series.count;
        if (series.count == 0)
            continue;
        series.first = eloqua.service_time() - year;
        series.every = year / series.count;
        eloqua.generate_activities(series);
    }
}

/// Writes the authority's certificate to a new file that only this user can write. Returns its
/// path.
std::string write_ca(std::string const& pem) {
    std::string path = (std::filesystem::temp_directory_path() / "eloqua-ca-XXXXXX").string();
    int const made = ::mkstemp(path.data());
    if (made < 0)
        throw std::runtime_error("cannot make a file in " + path);
    ::close(made);
    std::ofstream out(path, std::ios::binary);
    if (!(out << pem).flush())
        throw std::runtime_error("cannot write " + path);
    return path;
}

/// The secret, or the name of its environment variable.
std::string shown(simulated_secret const& s) {
    return s.variable.empty() ? s.text : "the value of $" + s.variable;
}

/// Keeps the memory of pages of rows for the next pages: fresh memory takes the system time.
void keep_memory() {
#ifdef __GLIBC__
    constexpr int largest = 32 * 1024 * 1024; // that malloc accepts
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, largest);
    mallopt(M_TRIM_THRESHOLD, 8 * largest);
#endif
}

void explain(bulk::origin const& where, std::string const& ca, simulator_settings const& given) {
    std::string const& company = given.options.company;
    std::string const& user = given.options.user;
    std::string const credentials =
        given.password.variable.empty()
            ? shell_word(company + '\\' + user + ':' + given.password.text)
            : shell_word(company + '\\' + user + ':') + "\"$" + given.password.variable + '"';
    std::string const curl =
        "curl -s" + (ca.empty() ? "" : " --cacert " + shell_word(ca)) + " -u " + credentials;
    std::string const bulk_base = where.text() + "/API/Bulk/2.0";
    std::string const json = " -H 'Content-Type: application/json' -d ";
    std::cout << "Simulated Eloqua at " << where.text() << "\n"
              << "Company: " << company << ", user: " << user
              << ", password: " << shown(given.password) << "\n"
              << "OAuth client id: " << given.client_id
              << ", secret: " << shown(given.client_secret)
              << ", redirect URI: " << given.redirect_uri << "\n"
              << "Clients that insist on login.eloqua.com can use " << where.authority()
              << " as a proxy (CONNECT).\n";
    if (!ca.empty())
        std::cout << "Certificate authority: " << ca << "\n";
    std::cout << "\nFor eloqua-bulk in another terminal:\n  export ELOQUA_COMPANY="
              << shell_word(company) << " ELOQUA_USER=" << shell_word(user)
              << "\n  export ELOQUA_PASSWORD="
              << (given.password.variable.empty() ? shell_word(given.password.text)
                                                  : "\"$" + given.password.variable + '"')
              << " ELOQUA_LOGIN_URL=" << where.text() << "/id\n"
              << (ca.empty() ? "" : "  export ELOQUA_CA_FILE=" + shell_word(ca) + "\n");
    std::cout << "\nWho am I, and where is the Bulk API?\n  " << curl << ' ' << where.text()
              << "/id\n\nExport: definition, sync, rows\n  " << curl << ' ' << bulk_base
              << "/contacts/exports" << json
              << R"('{"name":"Everyone","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"}}')"
              << "\n  " << curl << ' ' << bulk_base << "/syncs" << json
              << R"('{"syncedInstanceUri":"/contacts/exports/1"}')"
              << "\n  " << curl << ' ' << bulk_base << "/syncs/1\n  " << curl << " '" << bulk_base
              << "/syncs/1/data?limit=10'\n\nImport: definition, rows, sync, rejects\n  " << curl
              << ' ' << bulk_base << "/contacts/imports" << json
              << R"('{"name":"New","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"},)"
              << R"("identifierFieldName":"Email"}')"
              << "\n  " << curl << ' ' << bulk_base << "/contacts/imports/1/data" << json
              << R"('[{"Email":"ana@example.com"},{"Email":"no address"}]')"
              << "\n  " << curl << ' ' << bulk_base << "/syncs" << json
              << R"('{"syncedInstanceUri":"/contacts/imports/1"}')"
              << "\n  " << curl << ' ' << bulk_base << "/syncs/2/rejects\n"
              << "\nPress Ctrl+C to stop." << std::endl;
}

void generate(bulk::simulator& eloqua, simulator_settings const& given) {
    eloqua.generate_contacts(given.contacts);
    eloqua.generate_accounts(given.accounts);
    eloqua.generate_records("/customObjects/501", given.records);
    generate_activities(eloqua, given.activities, given.activity_type);
}

/// Handles requests, and reports the faults that were injected.
class observed_service {
public:
    observed_service(bulk::simulator eloqua, std::optional<bulk::fault_plan> plan)
        : eloqua_(std::move(eloqua)), plan_(std::move(plan)) {}

    bulk::delivery operator()(bulk::request const& q) {
        bulk::delivery answer = eloqua_.handle(q);
        for (; plan_ && told_ != plan_->log().size(); ++told_)
            std::cerr << plan_->log()[told_] << std::endl;
        return answer;
    }

private:
    bulk::simulator eloqua_;
    std::optional<bulk::fault_plan> plan_;
    std::size_t told_ = 0; ///< faults
};

void serve(simulator_settings const& given, std::stop_token const& stop) {
    keep_memory();
    bulk::simulator_options options = given.options;
    options.simulated_clock = false;
    bulk::simulator eloqua(options);
    try {
        eloqua.inject(given.faults);
    } catch (std::invalid_argument const& wrong) {
        throw bad_usage(std::string("--fault: ") + wrong.what());
    }
    eloqua.add_application(given.client_id, given.client_secret.text, given.redirect_uri);
    for (std::string const& each : given.fields)
        set_fields(eloqua, each);
    generate(eloqua, given);

    bulk::listener_options listening;
    listening.port = given.port;
    listening.delay = [&given](bulk::request const& q) {
        std::string_view const path = std::string_view(q.target).substr(0, q.target.find('?'));
        bool const rows = q.method == bulk::verb::get && path.ends_with("/data");
        return rows ? given.page_delay : std::chrono::milliseconds(0);
    };
    std::string ca;
    if (given.tls) {
        // For clients that have these names built in and use the simulator as their proxy.
        bulk::local_certificates const made =
            bulk::self_signed_ca({"login.eloqua.com", "secure.p03.eloqua.com"});
        listening.certificate_pem = made.certificate;
        listening.key_pem = made.key;
        ca = write_ca(made.ca);
    }
    {
        bulk::listener const service(observed_service(eloqua, given.faults), listening);
        explain(service.where(), ca, given);
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait(lock, stop, [] { return false; });
    }
    if (!ca.empty())
        std::filesystem::remove(ca);
}

} // namespace

exit_code run_simulate(simulate_arguments const& given, std::stop_token const& stop) {
    serve(settings_of(given), stop);
    return exit_code::complete;
}

} // namespace cli
