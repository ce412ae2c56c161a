// SPDX-License-Identifier: BSL-1.0
#include "syncs.hpp"

#include <eloqua/bulk/syncs.hpp>

#include <boost/system/errc.hpp>

#include "documents_text.hpp"
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <sstream>
#include <utility>

namespace cli {

namespace {

std::vector<std::string> cells_of(bulk::sync const& s) {
    return {id_cell(s.uri),    cell(s.status),        printable(s.syncedInstanceUri),
            cell(s.createdAt), cell(s.syncStartedAt), cell(s.syncEndedAt)};
}
table empty_table() {
    return table({"id", "status", "of", "created", "started", "ended"});
}
std::string text_of(table const& t) {
    std::ostringstream text;
    text << t;
    std::string lines = text.str();
    lines.pop_back();
    return lines;
}

std::string values_of(bulk::sync_reject const& r) {
    std::string text;
    for (auto const& [key, value] : r.fieldValues)
        text += (text.empty() ? "" : ", ") + printable(key, 100) + '=' + printable(value, 100);
    return text;
}

} // namespace

exit_code run_syncs(std::int64_t count, common_arguments const& common) {
    bulk::client const client =
        connect(common.connection, std::make_shared<progress>("syncs", true));
    bulk::list_query newest;
    newest.orderBy = "createdAt DESC";
    newest.limit = std::min<std::int64_t>(count, 1'000);
    std::vector<bulk::sync> syncs;
    auto list = client.syncs().list(newest);
    while (std::ssize(syncs) < count) {
        auto page = list.next().value(common.stop);
        if (page.empty())
            break;
        for (auto& each : page)
            if (std::ssize(syncs) < count)
                syncs.push_back(std::move(each));
    }
    if (common.json) {
        say(json_list(syncs));
    } else {
        table t = empty_table();
        for (bulk::sync const& each : syncs)
            t.add(cells_of(each));
        say(text_of(t));
    }
    flush_output();
    return exit_code::complete;
}

exit_code run_sync(sync_arguments const& given, common_arguments const& common) {
    bulk::client const client =
        connect(common.connection, std::make_shared<progress>("sync", true));
    bulk::sync const sync = client.syncs().read(given.id).value(common.stop);
    std::vector<bulk::sync_log> logs;
    std::vector<bulk::sync_reject> rejects;
    if (given.logs)
        logs = client.syncs().logs(given.id).all().value(common.stop);
    if (given.rejects)
        rejects = client.syncs().rejects(given.id).all().value(common.stop);
    if (common.json) {
        std::string text = "{\"sync\":" + bulk::write_document(sync);
        text += given.logs ? ",\"logs\":" + json_list(logs) : "";
        text += given.rejects ? ",\"rejects\":" + json_list(rejects) : "";
        say(text + "}");
        flush_output();
        return exit_code::complete;
    }
    table t = empty_table();
    t.add(cells_of(sync));
    say(text_of(t));
    if (given.logs) {
        table entries({"time", "severity", "code", "count", "message"});
        for (bulk::sync_log const& each : logs)
            entries.add({cell(each.createdAt), cell(each.severity), cell(each.statusCode),
                         cell(each.count), cell(each.message)});
        say('\n' + text_of(entries));
    }
    if (given.rejects) {
        table entries({"row", "code", "message", "columns", "values"});
        for (bulk::sync_reject const& each : rejects) {
            std::string columns;
            for (std::string const& one : each.invalidFields)
                columns += (columns.empty() ? "" : ", ") + printable(one, 100);
            entries.add({cell(each.recordIndex), cell(each.statusCode), cell(each.message), columns,
                         values_of(each)});
        }
        say('\n' + text_of(entries));
    }
    flush_output();
    return exit_code::complete;
}

namespace {

/// The sync. Throws `ending` if it cannot be read now; waiting again is then possible.
bulk::sync read_sync(bulk::client const& client, std::int64_t id, std::stop_token const& stop) {
    bulk::result<bulk::sync> got = client.syncs().read(id).get(stop);
    if (got)
        return std::move(*got);
    bool const stopped = got.error().code == boost::system::errc::operation_canceled;
    throw ending(code_of(got.error(), resuming::possible),
                 (stopped ? "interrupted" : printable(got.error().message())) +
                     std::string("; the same command waits for the sync again"));
}

} // namespace

exit_code run_wait(std::int64_t id, common_arguments const& common) {
    auto const shown = std::make_shared<progress>("wait", common.quiet);
    bulk::client const client = connect(common.connection, shown);
    std::chrono::milliseconds delay(1'000);
    bulk::sync sync = read_sync(client, id, common.stop);
    while (!sync.finished()) {
        shown->on_sync(sync.uri.value_or(""), sync.status ? sync.status->text() : "unknown");
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, common.stop, delay, [] { return false; });
        if (common.stop.stop_requested())
            throw ending(exit_code::resumable,
                         "interrupted; the same command waits for the sync again");
        delay = std::min(delay * 2, std::chrono::milliseconds(30'000));
        sync = read_sync(client, id, common.stop);
    }
    shown->end();
    if (common.json) {
        say(bulk::write_document(sync));
    } else {
        table t = empty_table();
        t.add(cells_of(sync));
        say(text_of(t));
    }
    flush_output();
    return sync.succeeded() ? exit_code::complete : exit_code::rejected;
}

} // namespace cli
