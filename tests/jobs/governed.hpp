// SPDX-License-Identifier: BSL-1.0
// A simulated service whose clients have a governor, and notes of their waits.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace governed {

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;

inline bulk::basic_credentials const me{"Company", "user", "secret"};

inline bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// Notes why operations wait, and for how long.
class waits final : public bulk::observer {
public:
    std::vector<std::string> reasons;
    std::vector<bulk::clock::duration> delays;
    std::function<void()> then; ///< called once

    void on_wait(std::string_view reason, bulk::clock::duration delay) override {
        reasons.emplace_back(reason);
        delays.push_back(delay);
        if (auto const f = std::exchange(then, nullptr))
            f();
    }
};

inline bulk::simulator limited(std::int64_t exports) {
    bulk::simulator_options o;
    o.export_syncs_per_hour = exports;
    return bulk::simulator(o);
}

struct service {
    bulk::simulator eloqua;
    std::shared_ptr<waits> seen = std::make_shared<waits>();

    bulk::governor_options at_service_time() {
        bulk::governor_options o;
        o.time_of_day = [this] { return eloqua.service_time(); };
        return o;
    }
    bulk::governor_options few_exports(std::int64_t n) {
        bulk::governor_options o = at_service_time();
        o.exports = n;
        return o;
    }
    static std::shared_ptr<bulk::governor> by(bulk::governor_options o) {
        return std::make_shared<bulk::governor>(std::move(o));
    }
    bulk::client_options options(std::shared_ptr<bulk::governor> by) {
        bulk::client_options o;
        o.governor = std::move(by);
        o.observer = seen;
        o.seed = 1;
        return o;
    }
    bulk::client make(std::shared_ptr<bulk::governor> by) {
        return bulk::client(eloqua, me, options(std::move(by)));
    }

    static std::string contact_export(bulk::client& client) {
        bulk::export_definition d;
        d.name = "some contacts";
        d.fields.emplace_back("email", "{{Contact.Field(C_EmailAddress)}}");
        return *client.exports(bulk::contacts).create(d).value().uri;
    }
    static std::string activity_export(bulk::client& client) {
        bulk::export_definition d;
        d.name = "e-mail opens";
        d.fields.emplace_back("at", "{{Activity.CreatedAt}}");
        d.filter = "'{{Activity.Type}}'='EmailOpen'";
        return *client.exports(bulk::activities).create(d).value().uri;
    }
    /// Starts a sync and does not wait for its end.
    static bulk::result<bulk::sync> start(bulk::client& client, std::string definition) {
        bulk::sync_definition wanted;
        wanted.syncedInstanceUri = std::move(definition);
        return client.syncs().create(wanted).get();
    }

    /// From now on, it is unknown whether a sync was started. `happen`: whether it was.
    void lose_starts(bool happen) {
        eloqua.intercept([this, happen, within = false](
                             bulk::request const& q) mutable -> std::optional<bulk::response> {
            if (within || q.method != bulk::verb::post || !q.target.ends_with("/syncs"))
                return std::nullopt;
            within = true;
            if (happen)
                (void)eloqua.handle(q);
            within = false;
            return bulk::response(500, "Unexpected error.", "text/plain");
        });
    }

    static auto opens(bulk::client& client, bulk::export_options o = bulk::export_options()) {
        return activities(client, bulk::activity_type::EmailOpen, std::move(o));
    }
    static auto visits(bulk::client& client) {
        return activities(client, bulk::activity_type::WebVisit, bulk::export_options());
    }

private:
    static bulk::row_source<bulk::record, bulk::any_transport>
    activities(bulk::client& client, bulk::activity_type type, bulk::export_options o) {
        bulk::record_columns const columns({bulk::attribute_column("at", "CreatedAt")});
        return client.export_records(bulk::activities_of(type), columns, bulk::all_rows,
                                     std::move(o));
    }
};

} // namespace governed
