// SPDX-License-Identifier: BSL-1.0
// A transport that passes everything on to another one and writes each request and its response to
// a log, without header fields, so without credentials. Bodies contain personal data.
// Run: 2_recipes/recording_transport (an import into a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <memory>
#include <ostream>
#include <span>
#include <sstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

template <bulk::blocking_transport Transport>
class recording_transport {
    using other_channel = decltype(std::declval<Transport&>().acquire());
    static constexpr std::size_t longest = 1'000; ///< bytes of a body that are written

public:
    class channel {
    public:
        channel(other_channel other, std::ostream& log) : other_(std::move(other)), log_(&log) {}

        void send(bulk::request const& q, std::stop_token stop, bulk::error_code& ec) {
            // Requests for tokens and their responses are secret.
            keeps_bodies_ = q.target.find("/oauth2/") == q.target.npos;
            *log_ << "> " << q.line() << '\n';
            write_body("> ", q.body);
            other_.send(q, std::move(stop), ec);
            note(ec);
        }
        void read_head(bulk::head& h, std::stop_token stop, bulk::error_code& ec) {
            other_.read_head(h, std::move(stop), ec);
            status_ = h.status;
            note(ec);
        }
        std::size_t read_some(std::span<char> b, std::stop_token stop, bulk::error_code& ec) {
            std::size_t const n = other_.read_some(b, std::move(stop), ec);
            body_.append(b.data(), std::min(n, longest - std::min(longest, body_.size())));
            note(ec);
            if (!ec && n == 0) {
                *log_ << "< " << status_ << '\n';
                write_body("< ", std::exchange(body_, {}));
            }
            return n;
        }
        bool stale() { return other_.stale(); }
        bool unsent() { return other_.unsent(); }
        void drop() {
            body_.clear();
            other_.drop();
        }

    private:
        void write_body(char const* mark, std::string_view body) {
            if (keeps_bodies_ && !body.empty())
                *log_ << mark << body.substr(0, longest) << '\n';
        }
        void note(bulk::error_code const& ec) {
            if (ec)
                *log_ << "! " << ec.message() << '\n';
        }

        other_channel other_;
        std::ostream* log_;
        std::string body_;
        int status_ = 0;
        bool keeps_bodies_ = true;
    };

    /// The log must outlive the transport and its channels.
    recording_transport(Transport other, std::ostream& log)
        : other_(std::move(other)), log_(&log) {}

    channel acquire() { return channel(other_.acquire(), *log_); }

    // The simulator has a clock of its own.
    bulk::clock::time_point now()
        requires bulk::has_own_clock<Transport>
    {
        return other_.now();
    }
    void wait(bulk::clock::duration d, std::stop_token stop)
        requires bulk::has_own_clock<Transport>
    {
        other_.wait(d, std::move(stop));
    }

private:
    Transport other_;
    std::ostream* log_;
};

struct person {
    std::string email;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

int main() {
    try {
        std::ostringstream log;
        bulk::simulator eloqua;
        bulk::client_options options;
        options.accept_gzip = false; // so that bodies can be read
        bulk::client const client{recording_transport(eloqua, log),
                                  bulk::basic_credentials{"Company", "user", "secret"}, options};
        std::vector<person> const people{{"ada@example.com"}};
        (void)client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people)
            .value();

        std::string const text = log.str();
        std::cout << text;
        bool const complete =
            text.find("/contacts/imports/1/data\n> [{\"email\":\"ada@example.com\"}]"
                      "\n< 204\n") != text.npos;
        return complete && text.find("Authorization") == text.npos ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
