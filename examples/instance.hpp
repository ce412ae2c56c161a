// SPDX-License-Identifier: BSL-1.0
// The Eloqua instance that an example uses: by default its own simulated one on a local port.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct bad_usage : std::runtime_error {
    using runtime_error::runtime_error;
};

struct instance_arguments {
    static constexpr std::string_view usage =
        R"(  --tls             the simulated Eloqua uses HTTPS, and its certificate authority is trusted
  --company C       company (site) name; connects to this instance instead of a simulated one
  --user U          user name; the password is read from the environment: ELOQUA_PASSWORD
  --login-url URL   URL that returns the instance's host (default https://login.eloqua.com/id)
  --base-url URL    base URL of the Bulk API, used exactly as given, such as
                    https://HOST/API/Bulk/2.0
  --allow-http      allows http:// URLs of another machine, which expose the password
  --ca-file FILE    PEM file of a certificate authority to trust in addition to the system's
  --write-to-live   allows writing to an instance that is not on this machine
)";

    bool tls = false, allow_http = false, write_to_live = false;
    std::string company, user, ca_file;
    std::optional<std::string> login_url, base_url;

    /// Returns whether the option is one of these. `value()` returns the next word.
    template <class Value>
    bool take(std::string_view option, Value value) {
        if (option == "--tls")
            tls = true;
        else if (option == "--company")
            company = value();
        else if (option == "--user")
            user = value();
        else if (option == "--login-url")
            login_url = value();
        else if (option == "--base-url")
            base_url = value();
        else if (option == "--ca-file")
            ca_file = value();
        else if (option == "--allow-http")
            allow_http = true;
        else if (option == "--write-to-live")
            write_to_live = true;
        else
            return false;
        return true;
    }
    /// Throws `bad_usage` for options that contradict each other.
    void check() const {
        bool const other = login_url || base_url || !user.empty();
        if (company.empty() && other)
            throw bad_usage("an instance that is not simulated needs --company and --user");
        if (!company.empty() && user.empty())
            throw bad_usage("--company needs --user");
        if (!company.empty() && tls)
            throw bad_usage(
                "--tls is only for the simulated Eloqua; use https in another instance's URL");
        if (login_url && base_url)
            throw bad_usage("--login-url and --base-url exclude each other");
    }
};

/// The main program of an example. `own(word, value)` handles the words that only this example
/// knows and returns whether it did; `value()` returns the next word. `run(where)` returns the exit
/// status.
template <class Own, class Run>
int run_example(std::string_view name, std::string_view usage, int argc, char** argv, Own own,
                Run run) {
    try {
        std::vector<std::string_view> const words(argv + 1, argv + argc);
        instance_arguments where;
        for (std::size_t i = 0; i != words.size(); ++i) {
            std::string_view const word = words[i];
            auto value = [&] {
                if (i + 1 == words.size())
                    throw bad_usage(std::string(word) + " needs a value");
                return std::string(words[++i]);
            };
            if (word == "--help") {
                std::cout << usage << instance_arguments::usage;
                return 0;
            }
            if (!own(word, value) && !where.take(word, value))
                throw bad_usage("unknown option '" + std::string(word) + "'");
        }
        where.check();
        return run(where);
    } catch (bad_usage const& e) {
        std::cerr << name << ": " << e.what() << '\n' << usage << instance_arguments::usage;
        return 2;
    } catch (std::exception const& e) {
        std::cerr << name << ": " << e.what() << '\n';
        return 1;
    }
}

/// What an example does with an instance.
enum class purpose { reading, writing };

class instance {
public:
    /// Throws `bad_usage` if there is no password, or if it would write to an instance on another
    /// machine without `--write-to-live`.
    instance(instance_arguments const& given, bulk::client_options options,
             purpose what_for = purpose::writing) {
        bulk::transport_options network;
        network.ca_file = given.ca_file;
        std::string company = given.company, user = given.user, password;
        if (company.empty()) {
            bulk::simulator_options simulated;
            simulated.simulated_clock = false;
            simulated.sync_pending = std::chrono::milliseconds(100);
            simulated.sync_active = std::chrono::milliseconds(200);
            simulated_.emplace(simulated);
            bulk::listener_options where;
            if (given.tls) {
                bulk::local_certificates const made = bulk::self_signed_ca();
                where.certificate_pem = made.certificate;
                where.key_pem = made.key;
                network.ca_pem = made.ca;
            }
            server_ = std::make_unique<bulk::listener>(
                [this](bulk::request const& q) { return simulated_->handle(q); }, where);
            company = simulated.company;
            user = simulated.user;
            password = simulated.password;
            options.login_url = server_->where().text() + "/id";
            options.polling.first_delay = std::chrono::milliseconds(100);
        } else {
            char const* const secret = std::getenv("ELOQUA_PASSWORD");
            if (!secret)
                throw bad_usage("set ELOQUA_PASSWORD to the password of " + user);
            password = secret;
            options.base_url = given.base_url;
            options.allow_http = given.allow_http;
            if (given.login_url)
                options.login_url = *given.login_url;
        }
        client_.emplace(bulk::beast_transport{network},
                        bulk::basic_credentials{company, user, password}, std::move(options));
        base_ = client_->base_url().value();
        if (what_for == purpose::writing && !given.write_to_live &&
            !bulk::parse_url(base_).value().at.loopback())
            throw bad_usage(base_ +
                            " is not on this machine; --write-to-live allows writing to it");
    }
    instance(instance const&) = delete;

    bulk::client& client() { return *client_; }
    std::string const& base() const { return base_; }
    /// The simulated Eloqua, or null. Use it before the first request.
    bulk::simulator* simulated() { return simulated_ ? &*simulated_ : nullptr; }

private:
    std::optional<bulk::simulator> simulated_;
    std::unique_ptr<bulk::listener> server_;
    std::optional<bulk::client> client_;
    std::string base_;
};
