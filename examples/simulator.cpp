// SPDX-License-Identifier: BSL-1.0
// A simulated Eloqua on a port of this machine, for any client: curl, a script, another language.
#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

constexpr char const* usage =
    R"(usage: simulator [options]

Runs a simulated Eloqua until it is interrupted. It has contacts, and one of each thing that the API
lists: contact list 101, segment 201, filter 301, account list 401, e-mail group 11, scoring model 1,
import priority 1, custom object 501, event 601.

  --port P         port of 127.0.0.1 to listen on; 0, the default, takes any that is free
  --tls            HTTPS, by a certificate authority made for the occasion
  --contacts N     number of generated contacts (default 1000); any number costs no memory
  --fields FILE    fields to add to contacts: JSON as GET /contacts/fields answers it, or the
                   array of its items
  --page-delay MS  milliseconds before each page of rows is answered
  --gzip           compresses answers for clients that take it
  --help           this text
)";

struct arguments {
    std::uint16_t port = 0;
    bool tls = false;
    std::int64_t contacts = 1'000;
    std::string fields;
    std::chrono::milliseconds page_delay{0};
    bool gzip = false;
};

struct bad_usage : std::runtime_error {
    using runtime_error::runtime_error;
};

std::int64_t number(std::string_view option, std::string_view text, std::int64_t most) {
    std::int64_t value = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value < 0 || value > most)
        throw bad_usage(std::string(option) + " takes a number from 0 to " + std::to_string(most) +
                        ", not '" + std::string(text) + "'");
    return value;
}

/// Empty: only the usage is wanted.
std::optional<arguments> parse(std::vector<std::string_view> const& words) {
    arguments given;
    for (std::size_t i = 0; i != words.size(); ++i) {
        std::string_view const option = words[i];
        auto value = [&] {
            if (i + 1 == words.size())
                throw bad_usage(std::string(option) + " needs a value");
            return words[++i];
        };
        if (option == "--help")
            return std::nullopt;
        if (option == "--tls")
            given.tls = true;
        else if (option == "--gzip")
            given.gzip = true;
        else if (option == "--port")
            given.port = static_cast<std::uint16_t>(number(option, value(), 65'535));
        else if (option == "--contacts")
            given.contacts = number(option, value(), 4'000'000'000);
        else if (option == "--fields")
            given.fields = value();
        else if (option == "--page-delay")
            given.page_delay = std::chrono::milliseconds(number(option, value(), 3'600'000));
        else
            throw bad_usage("unknown option '" + std::string(option) + "'");
    }
    return given;
}

void add_fields(bulk::simulator& eloqua, std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    if (!in)
        throw bad_usage("cannot read " + file);
    std::vector<bulk::field_definition> fields;
    try {
        if (text.find_first_not_of(" \t\r\n") == text.find('['))
            fields = bulk::parse_document<std::vector<bulk::field_definition>>(text).value();
        else
            fields = bulk::parse_document<bulk::page<bulk::field_definition>>(text).value().items;
    } catch (bulk::error const& wrong) {
        throw bad_usage(file + " holds no fields: " + wrong.info().detail);
    }
    for (bulk::field_definition const& each : fields)
        try {
            eloqua.add_field("/contacts", bulk::simulated_field(each));
        } catch (std::invalid_argument const&) {
            // A list from a real instance names the standard fields too.
        }
}

/// Writes the authority's certificate to a new file that only this user can write; its path.
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

void explain(bulk::origin const& where, std::string const& ca) {
    std::string const curl =
        "curl -s" + (ca.empty() ? "" : " --cacert " + ca) + " -u 'Company\\user:secret'";
    std::string const bulk_base = where.text() + "/API/Bulk/2.0";
    std::string const json = " -H 'Content-Type: application/json' -d ";
    std::cout << "Simulated Eloqua at " << where.text() << "\n"
              << "Company: Company, user: user, password: secret\n"
              << "OAuth client id: app, secret: secret, redirect URI: "
                 "https://client.example.com/cb\n"
              << "Clients that insist on login.eloqua.com take " << where.authority()
              << " as their proxy (CONNECT).\n";
    if (!ca.empty())
        std::cout << "Certificate authority: " << ca << "\n";
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
              << "\nCtrl+C ends it." << std::endl;
}

void run(arguments const& given) {
    bulk::simulator_options options;
    options.simulated_clock = false;
    options.gzip = given.gzip;
    bulk::simulator eloqua(options);
    eloqua.add_application("app", "secret", "https://client.example.com/cb");
    if (!given.fields.empty())
        add_fields(eloqua, given.fields);
    eloqua.generate_contacts(given.contacts);

    bulk::listener_options listening;
    listening.port = given.port;
    listening.delay = [&given](bulk::request const& q) {
        std::string_view const path = std::string_view(q.target).substr(0, q.target.find('?'));
        bool const rows = q.method == bulk::verb::get && path.ends_with("/data");
        return rows ? given.page_delay : std::chrono::milliseconds(0);
    };
    std::string ca;
    if (given.tls) {
        // For clients with these names built in, which reach it by a proxy setting.
        bulk::local_certificates const made =
            bulk::self_signed_ca({"login.eloqua.com", "secure.p03.eloqua.com"});
        listening.certificate_pem = made.certificate;
        listening.key_pem = made.key;
        ca = write_ca(made.ca);
    }
    {
        // The signals are blocked before the listener's thread starts, so that none gets there.
        sigset_t ending;
        sigemptyset(&ending);
        sigaddset(&ending, SIGINT);
        sigaddset(&ending, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &ending, nullptr);
        bulk::listener const service([&eloqua](bulk::request const& q) { return eloqua.handle(q); },
                                     listening);
        explain(service.where(), ca);
        int got = 0;
        sigwait(&ending, &got);
    }
    if (!ca.empty())
        std::filesystem::remove(ca);
}

} // namespace

int main(int argc, char** argv) {
    try {
        auto const given = parse({argv + 1, argv + argc});
        if (!given) {
            std::cout << usage;
            return 0;
        }
        run(*given);
        return 0;
    } catch (bad_usage const& wrong) {
        std::cerr << "simulator: " << wrong.what() << "\n\n" << usage;
        return 2;
    } catch (std::exception const& wrong) {
        std::cerr << "simulator: " << wrong.what() << '\n';
        return 1;
    }
}
