// SPDX-License-Identifier: BSL-1.0
/// \file
/// A governor delays the start of syncs, so that the clients that share it keep within the
/// service's hourly limits and export activities one after another.
#pragma once

#include <eloqua/bulk/detail/http/governor_records.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/transport.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The kinds of definitions that syncs run. Each kind has its own hourly limit.
enum class sync_kind : unsigned char { exports, imports, sync_actions };

/// Options of a governor. All governors of one file should have the same.
struct governor_options {
    /// @{
    /// Maximum number of starts of each kind within `window`, for each instance; 1 to 100,000.
    std::int64_t exports = limits::export_syncs_per_hour;
    std::int64_t imports = limits::import_syncs_per_hour;
    std::int64_t sync_actions = limits::sync_action_syncs_per_hour;
    /// @}
    clock::duration window = std::chrono::hours(1); ///< 1 second to 7 days
    /// Whether the sync of an activity export is started only after that of the one before it has
    /// ended, as the service requires.
    bool activities_take_turns = true;
    /// How long an activity export keeps others waiting if it is unknown whether its sync was
    /// started, for example because its process was killed at that moment. After that, the next one
    /// searches for the sync, and waits for its end if it is running.
    clock::duration unknown_sync = std::chrono::minutes(10);
    /// How often a waiting start looks whether it is allowed earlier than expected. It is always
    /// allowed as soon as the oldest start has left the window. 1 millisecond to 1 hour.
    clock::duration look_again = std::chrono::minutes(1);
    /// How long one start waits for the limits. After that it fails with
    /// `errc::deadline_exceeded`.
    clock::duration longest_wait = std::chrono::hours(24);
    /// The current time; empty: the system clock. For a client of a simulator:
    /// `[eloqua] { return eloqua.service_time(); }`.
    std::function<timestamp()> time_of_day;
};

namespace detail {

/// Describes options of a governor that can never work; empty: there are no such options.
inline std::string misuse_of(governor_options const& o) {
    constexpr std::int64_t most = 100'000;
    for (auto const& [name, limit] :
         {std::pair("exports", o.exports), std::pair("imports", o.imports),
          std::pair("sync_actions", o.sync_actions)})
        if (limit < 1 || limit > most)
            return "governor_options::" + std::string(name) + " is " + std::to_string(limit) +
                   "; 1 to " + std::to_string(most) + " are allowed";
    if (o.window < std::chrono::seconds(1) || o.window > std::chrono::hours(7 * 24))
        return "governor_options::window is not within 1 second and 7 days";
    if (o.look_again < std::chrono::milliseconds(1) || o.look_again > std::chrono::hours(1))
        return "governor_options::look_again is not within 1 millisecond and 1 hour";
    if (o.unknown_sync < clock::duration::zero() || o.unknown_sync > std::chrono::hours(7 * 24))
        return "governor_options::unknown_sync is not within 0 and 7 days";
    return o.longest_wait < clock::duration::zero() ? "governor_options::longest_wait is negative"
                                                    : "";
}

/// The records of a governor. Thread-safe; no function waits for other processes.
class governor_book {
public:
    governor_book(governor_options options, std::unique_ptr<record_store> in)
        : options_(std::move(options)), store_(std::move(in)) {
        if (std::string wrong = detail::misuse_of(options_); !wrong.empty())
            throw_exception_from_error(failure(errc::invalid_argument, std::move(wrong)),
                                       BOOST_CURRENT_LOCATION);
    }

    governor_options const& options() const { return options_; }
    std::int64_t limit(sync_kind of) const {
        return rules_at(0).limits[static_cast<std::size_t>(of)];
    }

    /// Decides whether a sync of this kind may be started now. If it is allowed, `settle` must
    /// follow. `definition`: of an activity export; otherwise empty. Error:
    /// `errc::governor_failed`.
    result<start_decision> try_start(std::string const& instance, sync_kind kind,
                                     std::string const& definition) {
        std::lock_guard const one_at_a_time(mutex_);
        start_decision decision;
        auto const change = [&](governor_records& all, instance_records& r,
                                governor_rules const& by) {
            decision = detail::decide(all, r, by, static_cast<std::int64_t>(kind), definition);
            return decision.is == start_decision::answer::allowed;
        };
        result<bool> const done = apply(instance, change);
        if (!done)
            return done.error();
        if (!*done)
            decision.is = start_decision::answer::busy;
        return decision;
    }
    /// Records how an allowed start ended.
    void settle(std::string const& instance, start_outcome how) {
        note(instance, [how = std::move(how)](instance_records& r, std::int64_t at) {
            detail::settle(r, how, at);
        });
    }
    /// Counts a start that the service made without being asked to.
    void count(std::string const& instance, sync_kind kind) {
        note(instance, [kind](instance_records& r, std::int64_t at) {
            detail::add_start(r, static_cast<std::int64_t>(kind), at);
        });
    }
    /// A sync of an activity export is running.
    void add_run(std::string const& instance, std::string definition, std::string sync) {
        note(instance, [definition = std::move(definition),
                        sync = std::move(sync)](instance_records& r, std::int64_t at) {
            detail::add_run(r, definition, sync, at);
        });
    }
    /// A sync of an activity export has ended.
    void end_run(std::string const& instance, std::string sync) {
        note(instance, [sync = std::move(sync)](instance_records& r, std::int64_t) {
            detail::end_run(r, sync);
        });
    }
    /// No sync is running that came of a start of unknown outcome.
    void end_unknown(std::string const& instance, activity_run of) {
        note(instance, [of = std::move(of)](instance_records& r, std::int64_t) {
            detail::end_unknown(r, of);
        });
    }

private:
    struct later {
        std::string instance;
        std::int64_t at;
        std::function<void(instance_records&, std::int64_t)> change;
    };
    /// Closes the store at the end of a change.
    struct closer {
        record_store& of;
        ~closer() { of.close(); }
    };

    static std::int64_t milliseconds(clock::duration d) {
        return std::chrono::ceil<std::chrono::milliseconds>(d).count();
    }
    timestamp now() const {
        return options_.time_of_day
                   ? options_.time_of_day()
                   : std::chrono::floor<timestamp::duration>(std::chrono::system_clock::now());
    }
    governor_rules rules_at(std::int64_t now) const {
        return {{options_.exports, options_.imports, options_.sync_actions},
                milliseconds(options_.window),
                milliseconds(options_.unknown_sync),
                options_.activities_take_turns,
                now};
    }

    /// Records something, at once or, if another process is using the records, before the next
    /// change.
    void note(std::string const& instance,
              std::function<void(instance_records&, std::int64_t)> change) {
        std::lock_guard const one_at_a_time(mutex_);
        constexpr std::size_t most = 10'000; // while the file cannot be used, nothing is started
        if (later_.size() >= most)
            later_.erase(later_.begin());
        std::int64_t const at =
            std::chrono::ceil<std::chrono::milliseconds>(now().time_since_epoch()).count();
        later_.push_back({instance, at, std::move(change)});
        // An error will be reported to whoever starts the next sync.
        auto const nothing_else = [](governor_records&, instance_records&, governor_rules const&) {
            return false;
        };
        (void)apply(instance, nothing_else);
    }

    /// Makes all changes that were noted, and this one, which returns whether it changed anything.
    /// False if another process is using the records. After an error nothing is stored.
    template <class Change>
    result<bool> apply(std::string const& instance, Change const& change) {
        result<governor_records*> const opened = store_->open();
        if (!opened)
            return opened.error();
        if (!*opened)
            return false;
        closer const at_end{*store_};
        governor_records& all = **opened;
        governor_rules const by = rules_at(
            std::chrono::floor<std::chrono::milliseconds>(now().time_since_epoch()).count());
        for (later const& each : later_)
            if (instance_records* const r = detail::records_of(all, each.instance, by))
                each.change(*r, each.at);
        instance_records* const r = detail::records_of(all, instance, by);
        if (!r)
            return failure(errc::governor_failed,
                           "there are more than " + std::to_string(most_instances) + " instances",
                           "use another governor for some of them");
        bool const changed = change(all, *r, by);
        result<void> saved;
        if (changed || !later_.empty())
            saved = store_->save();
        if (!saved)
            return saved.error();
        later_.clear();
        return true;
    }

    governor_options const options_;
    std::mutex mutex_;
    std::unique_ptr<record_store> store_;
    std::vector<later> later_; ///< noted, but not in the records yet
};

} // namespace detail

/// Delays the start of syncs until the service's rules of use allow it: at most 2,000 export syncs,
/// 2,000 import syncs and 4,000 syncs of sync actions within any hour, and one activity export at a
/// time. All clients whose `client_options::governor` points to it share the limits; each instance
/// has its own. It governs exports, imports, `run_sync`, and direct calls that create syncs or push
/// to definitions with `isSyncTriggeredOnImport`. Before the first push to a definition that it
/// does not know, a direct call requests the definition.
///
///     bulk::client_options options;
///     options.governor = std::make_shared<bulk::governor>();
///     bulk::client nightly{bulk::beast_transport{}, who, options};
///     bulk::client hourly{bulk::beast_transport{}, who, options};
///
/// An operation that has to wait calls `observer::on_wait` and waits as between two polls of a
/// sync: no thread is blocked that an asynchronous client uses, and the operation can be cancelled.
/// Whoever looks first after the wait starts first; there is no queue.
///
/// A start counts from its response on, also if the response is lost. It does not count if the
/// service refused it. An activity export waits for the end of the sync of the one before it, and
/// polls that sync itself, by `client_options::polling`: the other job need not be running any
/// more. Errors of such an operation, before it has sent anything: `errc::deadline_exceeded`, which
/// names what it waited for; `errc::governor_failed`, see `shared_governor`.
///
/// Instances are told apart by the number of their site. A client with `client_options::base_url`
/// does not know that number, only the host: use a separate governor for each such instance.
///
/// This class shares within one process; see `shared_governor` for several processes. Thread-safe.
class governor {
public:
    /// Throws `error` with `errc::invalid_argument` for options out of range.
    explicit governor(governor_options options = governor_options())
        : governor(std::move(options), std::make_unique<detail::memory_record_store>()) {}
    /// For `shared_governor`.
    governor(governor_options options, std::unique_ptr<detail::record_store> in)
        : book_(std::move(options), std::move(in)) {}
    governor(governor const&) = delete;
    governor& operator=(governor const&) = delete;

    /// The options, as given.
    governor_options const& options() const { return book_.options(); }
    /// For the client.
    detail::governor_book& book() { return book_; }

private:
    detail::governor_book book_;
};

} // namespace eloqua::bulk
