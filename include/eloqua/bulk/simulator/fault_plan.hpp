// SPDX-License-Identifier: BSL-1.0
/// \file
/// `fault_plan`: which faults a simulated Eloqua has, and when: by a script, at random, or both.
///
/// \code
/// bulk::fault_plan plan;
/// plan.at("GET /syncs/{id}/data", 2, bulk::fault::cut(1'000));
/// plan.from("POST /contacts/imports/{id}/data", 3, bulk::fault::server_error(3));
/// eloqua.inject(plan);
/// ...
/// for (bulk::injected_fault const& each : plan.log())
///     std::cerr << each << '\n';
/// \endcode
#pragma once

#include <eloqua/bulk/detail/codec/random_generator.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/simulator/fault_rates.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A fault that was injected.
struct injected_fault {
    std::string endpoint;     ///< "GET /syncs/{id}/data"
    std::uint64_t number = 0; ///< of the request, from 1, among those to the endpoint
    std::string target;       ///< path and query
    fault what;               ///< the fault

    /// In one line that `read_fault_plan` parses.
    friend std::ostream& operator<<(std::ostream& out, injected_fault const& f) {
        return out << f.endpoint << " #" << f.number << " (" << f.target << "): " << f.what;
    }
    /// Compares all members.
    friend bool operator==(injected_fault const&, injected_fault const&) = default;
};

/// Decides which requests get which fault. Requests are identified by method and path template, as
/// in `simulator::requests`, and numbered from 1 as they arrive, whatever their outcome. Requests
/// to no endpoint and intercepted requests get no faults. "*" stands for all endpoints, with a
/// numbering of its own.
///
/// The script comes first, in its order. Random faults depend only on the seed, the rates and the
/// sequence of requests. Copies share one plan. Not thread-safe, like the simulator it belongs to.
class fault_plan {
    struct entry {
        std::string endpoint;
        std::uint64_t number;
        bool for_ever;
        fault what;
        bool used = false;
    };
    /// How often a request failed in a row without a usable response.
    struct streak {
        unsigned length = 0;
        bool unauthorized = false;
    };
    struct former_pod {
        int status;
        bool comes_back;
    };
    struct shared {
        std::vector<entry> script;
        std::optional<fault_rates> rates;
        std::uint64_t seed = 0;
        std::uint64_t decided = 0;
        std::map<std::string, std::uint64_t, std::less<>> requests;
        std::map<std::string, streak> streaks;   ///< by method and target
        std::map<std::string, former_pod> moved; ///< by origin
        std::vector<injected_fault> log;
        bool (*is_endpoint)(std::string_view) = nullptr;
    };

public:
    /// \cond
    /// A fault to inject, with the number of its request.
    struct decision {
        fault what;
        std::uint64_t number = 0;
        bool logged = true;
    };
    /// \endcond

    /// No random faults.
    fault_plan() : self_(std::make_shared<shared>()) {}
    /// Random faults in addition to those of the script.
    explicit fault_plan(std::uint64_t seed, fault_rates rates = fault_rates()) : fault_plan() {
        self_->seed = seed;
        self_->rates = rates;
    }

    /// The request with this number to the endpoint gets the fault. Throws std::invalid_argument
    /// for number 0, and for text that is not an endpoint: at once if a simulator already has the
    /// plan, otherwise when it gets it.
    fault_plan& at(std::string endpoint, std::uint64_t number, fault what) {
        return add({std::move(endpoint), number, false, std::move(what)});
    }
    /// As above, for this request and all later ones.
    fault_plan& from(std::string endpoint, std::uint64_t number, fault what) {
        return add({std::move(endpoint), number, true, std::move(what)});
    }
    /// Ends all faults; pods return to their original places.
    void calm() {
        self_->script.clear();
        self_->rates.reset();
        self_->moved.clear();
    }

    /// The faults injected so far, in order.
    std::vector<injected_fault> const& log() const { return self_->log; }
    /// Whether every entry of the script was used.
    bool finished() const { return std::ranges::all_of(self_->script, &entry::used); }
    /// The seed of the random faults; 0 without random faults.
    std::uint64_t seed() const { return self_->seed; }

    // For the simulator.

    /// Sets which texts are endpoints. Throws if the script has any other.
    void know_endpoints(bool (*is_endpoint)(std::string_view)) {
        for (entry const& each : self_->script)
            check(each, is_endpoint);
        self_->is_endpoint = is_endpoint;
    }
    /// The fault for this request, if any.
    std::optional<decision> decide(std::string_view endpoint, request const& q) {
        std::uint64_t const number = count(endpoint), overall = count("*");
        ++self_->decided;
        auto due = scripted(endpoint, number, overall);
        std::string const one = std::string(to_string(q.method)) + ' ' + q.target;
        if (!due)
            if (auto const refused = refused_by_former_pod(endpoint, q))
                due = decision{*refused, number, false};
        if (!due && self_->rates)
            if (auto drawn = self_->rates->draw(self_->seed, self_->decided, endpoint, room(one)))
                due = decision{std::move(*drawn), number, true};
        keep_streak(one, due ? &due->what : nullptr);
        if (due && due->what.kind == fault_kind::move_pod && due->logged)
            self_->moved[q.to.text()] = {due->what.status, due->what.name.empty()};
        return due;
    }
    /// Records a fault as it was injected.
    void record(std::string_view endpoint, request const& q, decision const& d) {
        if (d.logged)
            self_->log.push_back({std::string(endpoint), d.number, q.target, d.what});
    }

private:
    static void check(entry const& e, bool (*is_endpoint)(std::string_view)) {
        if (e.number == 0)
            throw std::invalid_argument("requests to " + e.endpoint + " are numbered from 1");
        if (is_endpoint && e.endpoint != "*" && !is_endpoint(e.endpoint))
            throw std::invalid_argument("'" + e.endpoint + "' is not an endpoint of the service");
    }
    fault_plan& add(entry e) {
        check(e, self_->is_endpoint);
        self_->script.push_back(std::move(e));
        return *this;
    }
    std::uint64_t count(std::string_view endpoint) {
        auto found = self_->requests.find(endpoint);
        if (found == self_->requests.end())
            found = self_->requests.emplace(endpoint, 0).first;
        return ++found->second;
    }
    std::optional<decision> scripted(std::string_view endpoint, std::uint64_t number,
                                     std::uint64_t overall) {
        for (entry& each : self_->script) {
            bool const any = each.endpoint == "*";
            std::uint64_t const n = any ? overall : number;
            if ((!any && each.endpoint != endpoint) ||
                !(each.for_ever ? n >= each.number : n == each.number))
                continue;
            each.used = true;
            return decision{each.what, number, true};
        }
        return std::nullopt;
    }
    std::optional<fault> refused_by_former_pod(std::string_view endpoint, request const& q) {
        if (self_->moved.empty())
            return std::nullopt;
        if (endpoint == fault_rates::login) {
            std::erase_if(self_->moved, [](auto const& each) { return each.second.comes_back; });
            return std::nullopt;
        }
        auto const found = self_->moved.find(q.to.text());
        if (found == self_->moved.end() || fault_rates::of_oauth(endpoint))
            return std::nullopt;
        return fault::move_pod(found->second.status);
    }
    fault_rates::room room(std::string const& one) const {
        auto const found = self_->streaks.find(one);
        fault_rates::room left;
        if (found != self_->streaks.end()) {
            left.spoil = found->second.length < self_->rates->most_in_a_row;
            left.unauthorized = !found->second.unauthorized;
        }
        left.move = self_->moved.empty() &&
                    std::ranges::none_of(self_->streaks,
                                         [](auto const& each) { return each.second.unauthorized; });
        return left;
    }
    void keep_streak(std::string const& one, fault const* what) {
        if (!self_->rates)
            return;
        if (!what || !what->spoils()) {
            self_->streaks.erase(one);
            return;
        }
        streak& of = self_->streaks[one];
        ++of.length;
        of.unauthorized |=
            what->kind == fault_kind::unauthorized || what->kind == fault_kind::move_pod;
    }

    std::shared_ptr<shared> self_;
};

} // namespace eloqua::bulk
