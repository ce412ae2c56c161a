// SPDX-License-Identifier: BSL-1.0
/// \file
/// Starts of syncs that wait for the client's governor.
#pragma once

#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/error_body.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/http/parse_response.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/class.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// See create_or_find.hpp.
template <class Session>
flow<result<response_body>> fetch(Session& s, endpoint_call what);
/// See create_or_find.hpp.
template <class Session>
flow<result<std::vector<sync>>> syncs_of(Session& s, std::string definition_uri,
                                         std::vector<std::string> known);

/// The kind of a definition with this uri or path; empty for anything else.
inline std::optional<sync_kind> kind_of_definition(std::string_view uri) {
    std::string path(below_base(uri));
    std::ranges::transform(path, path.begin(), lower);
    auto const has = [&](std::string_view part) { return path.find(part) != path.npos; };
    return has("/exports/")       ? std::optional(sync_kind::exports)
           : has("/imports/")     ? std::optional(sync_kind::imports)
           : has("/syncactions/") ? std::optional(sync_kind::sync_actions)
                                  : std::nullopt;
}
inline bool is_activity_export(std::string_view uri) {
    constexpr std::string_view begin = "/activities/exports/";
    return iequals(below_base(uri).substr(0, begin.size()), begin);
}

/// A start of a sync that the governor has allowed; empty without a governor. `settle` says how it
/// ended. Without that, it counts as soon as it may have been sent.
class admission {
public:
    admission() = default;
    admission(std::shared_ptr<governor> by, std::string instance, sync_kind kind,
              std::int64_t number)
        : by_(std::move(by)), instance_(std::move(instance)) {
        how_.number = number;
        how_.kind = static_cast<std::int64_t>(kind);
        how_.counts = how_.may_run = false;
    }
    admission(admission&& other) noexcept
        : by_(std::exchange(other.by_, nullptr)), instance_(std::move(other.instance_)),
          how_(std::move(other.how_)) {}
    admission& operator=(admission&& other) noexcept {
        std::swap(by_, other.by_);
        std::swap(instance_, other.instance_);
        std::swap(how_, other.how_);
        return *this;
    }
    ~admission() { end(); }

    explicit operator bool() const { return by_ != nullptr; }
    /// The request is about to be sent.
    void sending() { how_.counts = how_.may_run = true; }
    /// A sync was started; its uri, if known.
    void started(std::optional<std::string> const& uri) {
        if (uri && !uri->empty())
            how_.sync = shown(*uri);
        end();
    }
    /// No sync was started.
    void unused() {
        how_.counts = how_.may_run = false;
        end();
    }
    /// The request failed.
    void failed(failure const& why) {
        how_.counts = detail::may_have_run(why) || why.info.status >= 500 || why.info.status == 408;
        how_.may_run = how_.counts || why.info.status == 409;
        end();
    }

private:
    void end() {
        if (std::shared_ptr<governor> const by = std::exchange(by_, nullptr))
            by->book().settle(instance_, std::move(how_));
    }

    std::shared_ptr<governor> by_;
    std::string instance_;
    start_outcome how_;
};

/// A wait for the governor: what it waits for, and since when.
template <class Session>
class governed_wait {
public:
    governed_wait(Session& s, std::string instance, sync_kind kind, std::string definition)
        : session_(s), instance_(std::move(instance)), kind_(kind),
          definition_(std::move(definition)) {}

    /// Waits until the start may be allowed. Errors: cancellation, `errc::deadline_exceeded`, and
    /// those of reading the other sync.
    [[nodiscard]] flow<result<void>> wait(start_decision why) {
        using answer = start_decision::answer;
        governor_options const& options = session_.options.governor->options();
        std::string const key = why.is == answer::taken
                                    ? why.holder.definition + ' ' + why.holder.sync.value_or("")
                                    : std::string();
        io_result const now = co_await io_request::time();
        if (looks_ == 0 || why.is != last_ || key != key_) {
            last_ = why.is;
            key_ = key;
            begun_ = now.now;
            looks_ = 0;
        }
        ++looks_;
        clock::duration const until =
            std::chrono::milliseconds(std::max<std::int64_t>(why.wait, 1));
        clock::duration expected = until, delay = std::min(until, options.look_again);
        clock::duration patience = options.longest_wait;
        std::string reason;
        if (why.is == answer::full) {
            reason = full_text();
        } else if (why.is == answer::busy) {
            expected = delay =
                exponential_delay(std::chrono::milliseconds(50), std::chrono::seconds(1), looks_);
            patience = session_.options.retry.total_time;
            reason = "another process has the governor's file locked";
        } else if (why.holder.sync) {
            result<std::optional<std::string>> const status = co_await status_of(why.holder);
            if (!status)
                co_return status.error();
            if (!*status) { // it has ended
                session_.options.governor->book().end_run(instance_, *why.holder.sync);
                co_return result<void>();
            }
            expected = delay = polling_delay(session_.options.polling, looks_, session_.random());
            patience = session_.options.polling.deadline;
            reason =
                turns + *why.holder.sync + " of " + why.holder.definition + " is still " + **status;
        } else if (why.wait <= 0) {
            co_return co_await search(std::move(why.holder));
        } else {
            patience = session_.options.polling.deadline;
            reason = turns + std::string("a sync of ") + why.holder.definition +
                     " may have been started, and its uri is not known yet";
        }
        if (delay > patience - (now.now - begun_))
            co_return too_long(reason);
        if (reason != told_ || now.now >= told_until_) {
            session_.tell(&observer::on_wait, std::string_view(reason), expected);
            told_ = std::move(reason);
            told_until_ = now.now + expected;
        }
        io_result const waited = co_await io_request::wait(delay);
        if (waited.ec)
            co_return failure(waited.ec);
        co_return result<void>();
    }

private:
    static constexpr char const* turns = "activity exports take turns: ";

    std::string full_text() const {
        constexpr char const* kinds[] = {"export syncs", "import syncs", "syncs of sync actions"};
        auto const seconds =
            std::chrono::ceil<std::chrono::seconds>(session_.options.governor->options().window);
        return "the limit of " + std::to_string(session_.options.governor->book().limit(kind_)) +
               ' ' + kinds[static_cast<std::size_t>(kind_)] + " within " +
               (seconds == std::chrono::hours(1) ? std::string("an hour")
                                                 : std::to_string(seconds.count()) + " seconds") +
               " is reached at " + instance_;
    }
    failure too_long(std::string const& reason) const {
        return failure(errc::deadline_exceeded,
                       "the sync of " + shown(definition_) + " was not started: " + reason,
                       last_ == start_decision::answer::full
                           ? "try again later, or raise governor_options::longest_wait"
                       : last_ == start_decision::answer::busy
                           ? "find the process that keeps it locked, and end it"
                           : "try again later, or raise client_options::polling.deadline");
    }
    failure in_vain(failure why, std::string const& awaited) const {
        why.info.detail +=
            (why.info.detail.empty() ? "" : "; ") +
            ("the sync of " + shown(definition_) + " waits for the end of " + awaited);
        return why;
    }
    /// Finds out whether a sync came of a start of unknown outcome and is running.
    [[nodiscard]] flow<result<void>> search(activity_run holder) {
        std::vector<std::string> const known;
        result<std::vector<sync>> const found =
            co_await syncs_of(session_, holder.definition, known);
        if (!found)
            co_return in_vain(found.error(), "a sync of " + holder.definition);
        auto const running =
            std::ranges::find_if(*found, [](sync const& each) { return !each.finished(); });
        governor_book& book = session_.options.governor->book();
        if (running != found->end())
            book.add_run(instance_, holder.definition, shown(*running->uri));
        else
            book.end_unknown(instance_, std::move(holder));
        co_return result<void>();
    }
    /// The status of the other activity export's sync; empty if it has ended or does not exist.
    [[nodiscard]] flow<result<std::optional<std::string>>> status_of(activity_run holder) {
        std::optional<std::string> none;
        result<id> const which = id_of(*holder.sync);
        if (!which)
            co_return none;
        endpoint_call const ask = endpoint_call::of<endpoints::read_sync>(
            *path_of<endpoints::read_sync>(std::string(), *which));
        result<response_body> const got = co_await detail::fetch(session_, ask);
        result<sync> const seen = parse_response<endpoints::read_sync>(got, ask);
        if (!seen) {
            if (seen.error().info.status == 404 || seen.error().info.status == 410)
                co_return none;
            co_return in_vain(seen.error(), *holder.sync + " of " + holder.definition);
        }
        if (seen->finished() || !names_path(seen->syncedInstanceUri, holder.definition))
            co_return none;
        std::optional<std::string> status("without a status");
        if (seen->status)
            status = shown(seen->status->text());
        co_return status;
    }

    Session& session_;
    std::string instance_;
    sync_kind kind_;
    std::string definition_;
    start_decision::answer last_ = start_decision::answer::allowed;
    std::string key_; ///< of the other activity export
    clock::time_point begun_;
    unsigned looks_ = 0;
    std::string told_;
    clock::time_point told_until_;
};

/// Waits until the client's governor allows a sync of a definition. The result is empty if there is
/// no governor, or if the uri is not that of a definition, so that the service will refuse it.
/// Errors say that nothing was sent: those of `base_url` and `governed_wait`, and
/// `errc::governor_failed`.
template <class Session>
flow<result<admission>> admit(Session& s, std::string definition_uri) {
    std::optional<sync_kind> const kind = kind_of_definition(definition_uri);
    if (!s.options.governor || !kind)
        co_return admission();
    failure why;
    result<std::string> const here = co_await instance_of(s);
    if (here) {
        std::string const activity =
            is_activity_export(definition_uri) ? shown(below_base(definition_uri)) : std::string();
        governed_wait<Session> turn(s, *here, *kind, definition_uri);
        for (;;) {
            result<start_decision> const now =
                s.options.governor->book().try_start(*here, *kind, activity);
            if (now && now->is == start_decision::answer::allowed)
                co_return admission(s.options.governor, *here, *kind, now->number);
            result<void> waited;
            if (now)
                waited = co_await turn.wait(*now);
            if (now && waited)
                continue;
            why = now ? waited.error() : now.error();
            break;
        }
    } else {
        why = here.error();
    }
    why.info.unsent = true;
    co_return why;
}

/// Tells the governor that a sync of an activity export is running, or has ended.
template <class Session>
flow<result<void>> note_run(Session& s, sync of) {
    if (!s.options.governor || !of.uri || !is_activity_export(of.syncedInstanceUri))
        co_return result<void>();
    result<std::string> const here = co_await instance_of(s);
    if (!here) // whoever waits for this sync polls it
        co_return here.error();
    if (of.finished())
        s.options.governor->book().end_run(*here, shown(*of.uri));
    else
        s.options.governor->book().add_run(*here, shown(below_base(of.syncedInstanceUri)),
                                           shown(*of.uri));
    co_return result<void>();
}

/// Settles a push of rows. `begun`: the sync that the service has started, if any.
template <class Session>
flow<result<void>> settle_push(Session& s, admission& allowed, std::string definition_uri,
                               std::optional<failure> failed, std::optional<std::string> begun) {
    std::optional<sync_kind> const kind = kind_of_definition(definition_uri);
    if (allowed && begun) {
        allowed.started(begun);
    } else if (allowed && failed) {
        allowed.failed(*failed);
    } else if (allowed) {
        allowed.unused();
    } else if (begun && s.options.governor && kind) {
        result<std::string> const here = co_await instance_of(s);
        if (!here)
            co_return here.error();
        s.options.governor->book().count(*here, *kind);
    }
    co_return result<void>();
}

/// What a governor has to know about a definition that rows are pushed to.
struct pushed_definition {
    static constexpr bool answered_in_part = true;
    std::optional<bool> isSyncTriggeredOnImport;
};
BOOST_DESCRIBE_STRUCT(pushed_definition, (), (isSyncTriggeredOnImport))

/// The uri of a sync in a response.
struct begun_sync {
    std::optional<std::string> uri;
};
BOOST_DESCRIBE_STRUCT(begun_sync, (), (uri))

/// Direct calls of a client that has a governor: waits before those that start syncs.
template <class Session>
class governed_calls {
public:
    /// `s` must outlive the object.
    explicit governed_calls(Session& s) : session_(s) {}

    [[nodiscard]] flow<result<response_body>> fetch(endpoint_call what) {
        constexpr std::string_view data = "/data";
        if (what.method == verb::post && what.path == "/syncs") {
            result<sync_definition> const asked = parse_document<sync_definition>(what.body);
            std::string uri;
            if (asked)
                uri = asked->syncedInstanceUri;
            co_return co_await start(what, std::move(uri));
        }
        std::string definition = what.path;
        if (what.method == verb::post && what.sends_rows && definition.ends_with(data)) {
            definition.resize(definition.size() - data.size());
            co_return co_await push(what, std::move(definition));
        }
        if (what.method == verb::put || what.method == verb::delete_)
            starts_by_push_.erase(what.path); // it may change
        co_return co_await detail::fetch(session_, what);
    }

private:
    [[nodiscard]] flow<result<response_body>> start(endpoint_call what, std::string definition) {
        result<admission> allowed = co_await admit(session_, std::move(definition));
        if (!allowed)
            co_return allowed.error();
        if (!*allowed)
            co_return co_await detail::fetch(session_, what);
        allowed->sending();
        result<response_body> got = co_await detail::fetch(session_, what);
        if (got)
            allowed->started(uri_in(*got));
        else
            allowed->failed(got.error());
        co_return got;
    }
    [[nodiscard]] flow<result<response_body>> push(endpoint_call what, std::string definition) {
        result<bool> const starts = co_await starts_by_push(definition);
        if (!starts)
            co_return starts.error();
        result<admission> allowed = admission();
        if (*starts)
            allowed = co_await admit(session_, definition);
        if (!allowed)
            co_return allowed.error();
        allowed->sending();
        result<response_body> got = co_await detail::fetch(session_, what);
        std::optional<std::string> begun;
        if (got)
            begun = uri_in(*got);
        if (begun)
            starts_by_push_[definition] = true;
        std::optional<failure> why;
        if (!got)
            why = got.error();
        (void)co_await settle_push(session_, *allowed, std::move(definition), std::move(why),
                                   std::move(begun));
        co_return got;
    }
    /// Whether the service starts a sync at each push to a definition. If that cannot be found out,
    /// it may. Error: cancellation.
    [[nodiscard]] flow<result<bool>> starts_by_push(std::string definition) {
        auto const known = starts_by_push_.find(definition);
        if (known != starts_by_push_.end())
            co_return known->second;
        endpoint_call ask;
        ask.path = definition;
        result<response_body> const got = co_await detail::fetch(session_, ask);
        if (!got && got.error().code == boost::system::errc::operation_canceled) {
            failure stopped = got.error();
            stopped.info.unsent = true; // the rows
            co_return stopped;
        }
        bool starts = true;
        if (got)
            if (auto const read = parse_document<pushed_definition>(got->body))
                starts = read->isSyncTriggeredOnImport.value_or(true);
        if (got) {
            constexpr std::size_t most = 1'000;
            if (starts_by_push_.size() >= most)
                starts_by_push_.clear();
            starts_by_push_[definition] = starts;
        }
        co_return starts;
    }
    static std::optional<std::string> uri_in(response_body const& got) {
        result<begun_sync> const read = parse_document<begun_sync>(got.body);
        return read ? read->uri : std::optional<std::string>();
    }

    Session& session_;
    std::map<std::string, bool> starts_by_push_; ///< by path of the definition
};

} // namespace eloqua::bulk::detail
