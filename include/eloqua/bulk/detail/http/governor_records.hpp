// SPDX-License-Identifier: BSL-1.0
/// \file
/// What a governor knows about the syncs of each instance, and the rules that follow from it. Times
/// are milliseconds since 1970.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A start that was allowed, and whose response has not come yet.
struct open_start {
    std::int64_t number = 0;
    std::int64_t kind = 0; ///< a `sync_kind`
    std::int64_t at = 0;   ///< when it was allowed
};
BOOST_DESCRIBE_STRUCT(open_start, (), (number, kind, at))

/// A sync of an activity export that may be running.
struct activity_run {
    std::string definition;          ///< its uri
    std::optional<std::string> sync; ///< its uri, once known
    std::int64_t since = 0;
    std::int64_t start = 0; ///< number of its `open_start`; 0 after the response
};
BOOST_DESCRIBE_STRUCT(activity_run, (), (definition, sync, since, start))

/// The syncs of one instance. Lists of times are sorted.
struct instance_records {
    std::string name;
    std::vector<std::int64_t> exports, imports, syncActions;
    std::vector<open_start> open;
    std::vector<activity_run> activities;

    std::vector<std::int64_t>& times(std::int64_t kind) {
        return kind == 0 ? exports : kind == 1 ? imports : syncActions;
    }
    bool empty() const {
        return exports.empty() && imports.empty() && syncActions.empty() && open.empty() &&
               activities.empty();
    }
};
BOOST_DESCRIBE_STRUCT(instance_records, (), (name, exports, imports, syncActions, open, activities))

struct governor_records {
    std::int64_t window = 0; ///< the longest of all governors that use the records
    std::int64_t next = 1;   ///< number of the next start
    std::vector<instance_records> instances;
};
BOOST_DESCRIBE_STRUCT(governor_records, (), (window, next, instances))

/// The rules of a governor, and the current time.
struct governor_rules {
    std::array<std::int64_t, 3> limits{}; ///< by `sync_kind`
    std::int64_t window = 0;
    std::int64_t unknown_sync = 0; ///< how long a start of unknown outcome is waited for
    bool activities_take_turns = true;
    std::int64_t now = 0;
};

/// Whether a start is allowed, and if not, why.
struct start_decision {
    enum class answer : unsigned char {
        allowed,
        full,  ///< the limit of starts is reached
        taken, ///< another activity export is running
        busy,  ///< another process is changing the records
    };
    answer is = answer::allowed;
    std::int64_t number = 0; ///< of the start that is allowed
    /// Until the reason has ended at the latest; 0 if unknown. Of `taken` by an unknown sync: until
    /// the service is to be asked for it; 0: now.
    std::int64_t wait = 0;
    activity_run holder; ///< of `taken`
};

/// The longest time that an activity export is remembered if nobody asks for its end.
inline constexpr std::int64_t longest_activity = std::int64_t(7) * 24 * 3600 * 1000;
/// The largest numbers of records, far above what honest use needs.
inline constexpr std::size_t most_open_starts = 500, most_activities = 100, most_instances = 500;

/// Moves a time that is later than now to now. Times are rounded up by less than a millisecond.
/// After the clock was set back, starts then count for at most one window more.
inline bool no_later(std::int64_t& at, std::int64_t now) {
    if (at <= now + 1)
        return false;
    at = now;
    return true;
}

/// Forgets what no longer matters. `keep`: the longest window of those who use the records.
inline void forget_old(instance_records& r, governor_rules const& by, std::int64_t keep) {
    for (std::int64_t const kind : {0, 1, 2}) {
        std::vector<std::int64_t>& times = r.times(kind);
        bool moved = false;
        for (std::int64_t& each : times)
            moved = no_later(each, by.now) || moved;
        if (moved)
            std::ranges::sort(times);
        times.erase(times.begin(), std::ranges::upper_bound(times, by.now - keep));
    }
    for (open_start& each : r.open)
        no_later(each.at, by.now);
    // Without a response, a start may have happened until some time after it was allowed.
    std::erase_if(r.open, [&](open_start const& each) { return each.at <= by.now - 2 * keep; });
    for (activity_run& each : r.activities)
        no_later(each.since, by.now);
    std::erase_if(r.activities, [&](activity_run const& each) {
        return each.since <= by.now - longest_activity;
    });
}

/// Adds a start that has happened.
inline void add_start(instance_records& r, std::int64_t kind, std::int64_t at) {
    std::vector<std::int64_t>& times = r.times(kind);
    times.insert(std::ranges::upper_bound(times, at), at);
}

/// The running activity export that a start of another one has to wait for; null if it need not
/// wait. One of the same definition whose outcome is unknown is not an obstacle: its job starts it
/// again.
inline activity_run const* obstacle(instance_records const& r, std::string_view definition) {
    activity_run const* found = nullptr;
    for (activity_run const& each : r.activities) {
        bool const own = !each.sync && each.start == 0 && iequals(each.definition, definition);
        if (!own && (!found || !found->sync))
            found = &each;
    }
    return found;
}

/// Decides whether a sync may be started, and if so records it. `definition`: of an activity
/// export; otherwise empty.
inline start_decision decide(governor_records& all, instance_records& r, governor_rules const& by,
                             std::int64_t kind, std::string_view definition) {
    using answer = start_decision::answer;
    start_decision out;
    bool const in_turn = by.activities_take_turns && !definition.empty();
    activity_run const* const other = in_turn ? obstacle(r, definition) : nullptr;
    if (other) {
        out.is = answer::taken;
        out.holder = *other;
        if (!other->sync)
            out.wait = std::max<std::int64_t>(other->since + by.unknown_sync - by.now, 0);
        return out;
    }
    std::vector<std::int64_t> const& times = r.times(kind);
    auto const first = std::ranges::upper_bound(times, by.now - by.window);
    std::int64_t const past = times.end() - first;
    std::int64_t const open = std::ranges::count_if(r.open, [&](open_start const& each) {
        return each.kind == kind && each.at > by.now - 2 * by.window;
    });
    std::int64_t const limit = by.limits[static_cast<std::size_t>(kind)];
    if (std::int64_t const too_many = past + open - limit + 1; too_many > 0) {
        std::vector<std::int64_t> ends;
        for (auto each = first; each != times.end(); ++each)
            ends.push_back(*each + by.window);
        for (open_start const& each : r.open)
            if (each.kind == kind && each.at > by.now - 2 * by.window)
                ends.push_back(each.at + 2 * by.window);
        std::ranges::sort(ends);
        out.is = answer::full;
        out.wait = ends[static_cast<std::size_t>(too_many - 1)] - by.now;
        return out;
    }
    if (r.open.size() >= most_open_starts) { // of processes that were killed
        add_start(r, r.open.front().kind, r.open.front().at);
        r.open.erase(r.open.begin());
    }
    out.number = all.next++;
    r.open.push_back({out.number, kind, by.now});
    if (in_turn) {
        std::erase_if(r.activities, [&](activity_run const& each) {
            return !each.sync && iequals(each.definition, definition);
        });
        if (r.activities.size() >= most_activities)
            r.activities.erase(r.activities.begin());
        r.activities.push_back({std::string(definition), std::nullopt, by.now, out.number});
    }
    return out;
}

/// How a start ended.
struct start_outcome {
    std::int64_t number = 0;
    std::int64_t kind = 0;
    bool counts = true;              ///< it was, or may have been, carried out
    bool may_run = true;             ///< a sync of the definition may be running
    std::optional<std::string> sync; ///< its uri, if known
};

/// Records how a start ended. `at`: now, rounded up.
inline void settle(instance_records& r, start_outcome const& how, std::int64_t at) {
    std::erase_if(r.open, [&](open_start const& each) { return each.number == how.number; });
    if (how.counts)
        add_start(r, how.kind, at);
    if (!how.may_run)
        std::erase_if(r.activities,
                      [&](activity_run const& each) { return each.start == how.number; });
    for (activity_run& each : r.activities)
        if (each.start == how.number) {
            each.start = 0;
            if (how.sync) // otherwise another job may have found it
                each.sync = how.sync;
            each.since = at;
        }
}

/// Records that a sync of an activity export is running.
inline void add_run(instance_records& r, std::string const& definition, std::string const& sync,
                    std::int64_t at) {
    activity_run* unknown = nullptr;
    for (activity_run& each : r.activities) {
        if (each.sync == sync)
            return;
        if (!each.sync && iequals(each.definition, definition))
            unknown = &each;
    }
    if (unknown) {
        unknown->sync = sync;
        return;
    }
    if (r.activities.size() >= most_activities)
        r.activities.erase(r.activities.begin());
    r.activities.push_back({definition, sync, at, 0});
}

/// Records that a sync of an activity export has ended.
inline void end_run(instance_records& r, std::string_view sync) {
    std::erase_if(r.activities, [&](activity_run const& each) { return each.sync == sync; });
}

/// Records that no sync came of a start of unknown outcome. It is kept if more is known by now.
inline void end_unknown(instance_records& r, activity_run const& of) {
    std::erase_if(r.activities, [&](activity_run const& each) {
        return !each.sync && each.start == of.start && each.since == of.since &&
               iequals(each.definition, of.definition);
    });
}

/// The records of an instance, which are added if they are missing. Forgets instances about which
/// nothing is known. Null if there are too many.
inline instance_records* records_of(governor_records& all, std::string_view name,
                                    governor_rules const& by) {
    std::int64_t const keep = std::max(all.window, by.window);
    for (instance_records& each : all.instances)
        forget_old(each, by, keep);
    std::erase_if(all.instances, [](instance_records const& each) { return each.empty(); });
    all.window = all.instances.empty() ? by.window : keep;
    auto const found = std::ranges::find(all.instances, name, &instance_records::name);
    if (found != all.instances.end())
        return &*found;
    if (all.instances.size() >= most_instances)
        return nullptr;
    instance_records& made = all.instances.emplace_back();
    made.name = name;
    return &made;
}

/// Where records are kept. Not thread-safe.
class record_store {
public:
    virtual ~record_store() = default;
    /// Opens the records for changes, or returns null if another process has them open. Never
    /// waits. Error: `errc::governor_failed`.
    virtual result<governor_records*> open() = 0;
    /// Stores what was changed.
    virtual result<void> save() = 0;
    /// Ends what `open` began, with or without `save`.
    virtual void close() = 0;
};

/// Keeps records as long as the process runs.
class memory_record_store final : public record_store {
public:
    result<governor_records*> open() override { return &records_; }
    result<void> save() override { return {}; }
    void close() override {}

private:
    governor_records records_;
};

} // namespace eloqua::bulk::detail
