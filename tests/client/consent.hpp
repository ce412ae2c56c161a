// SPDX-License-Identifier: BSL-1.0
// A simulated Eloqua with an application, and a user's consent to it.
#pragma once

#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace consent {

namespace bulk = eloqua::bulk;

inline bulk::oauth_application const app{"app-1", "app secret", "https://client.example.com/cb"};

inline bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

struct instance {
    bulk::simulator eloqua;

    explicit instance(bulk::simulator_options options = {}) : eloqua(std::move(options)) {
        eloqua.add_application(app.client_id, app.client_secret, app.redirect_uri);
    }
    /// Uses the service's time.
    bulk::oauth_options options() const {
        bulk::oauth_options o;
        o.seed = 1;
        o.time_of_day = [at = eloqua] { return at.service_time(); };
        return o;
    }
    /// Does what a browser does. Returns the code.
    std::string code() {
        bulk::url const to = bulk::parse_url(bulk::authorization_url(app, "s&t").value()).value();
        bulk::response const came = eloqua.handle(bulk::request(bulk::verb::get, to.at, to.target));
        return bulk::authorization_code(app, came.fields.find("Location").value_or(""), "s&t")
            .value();
    }
    bulk::oauth_tokens tokens() {
        return bulk::exchange_code(eloqua, app, code(), options()).get().value();
    }
    std::uint64_t token_requests() const { return eloqua.requests("POST /auth/oauth2/token"); }
};

} // namespace consent
