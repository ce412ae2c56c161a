// SPDX-License-Identifier: BSL-1.0
// Governors that share a file: between objects, between processes, after kills, and files that
// must be refused.
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/shared_governor.hpp>

#include <boost/test/unit_test.hpp>

#include "governed.hpp"
#include "resume.hpp"
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace governed;
namespace fs = std::filesystem;

/// A service, and a folder for the governor's file.
struct shared_service : service {
    fs::path folder;
    fs::path file;

    shared_service() {
        std::string name = (fs::temp_directory_path() / "eloqua-governor-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        folder = name;
        file = folder / "governor.json";
    }
    ~shared_service() { fs::remove_all(folder); }
    shared_service(shared_service const&) = delete;

    bulk::client with_file(bulk::governor_options o) {
        return make(bulk::shared_governor(file, std::move(o)));
    }
    std::string read() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(std::string const& text, mode_t mode = 0600) const {
        std::ofstream(file, std::ios::binary) << text;
        ::chmod(file.c_str(), mode);
    }
    std::set<std::string> names() const {
        std::set<std::string> all;
        for (auto const& each : fs::directory_iterator(folder))
            all.insert(each.path().filename().string());
        return all;
    }
    /// The message of a start that the governor's file prevents.
    std::string refusal() {
        auto client = with_file(at_service_time());
        std::string const definition = contact_export(client);
        auto const came = start(client, definition);
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::governor_failed));
        BOOST_TEST(came.error().info.unsent);
        BOOST_TEST(eloqua.requests("POST /syncs") == 0u);
        std::string const text = came.error().message();
        BOOST_TEST(has(text, "the governor failed: the governor's file '" + file.string() + "' "),
                   text);
        return text;
    }
};

/// Holds the lock of a governor's file, like another process.
class other_holder {
public:
    explicit other_holder(fs::path const& file)
        : fd_(::open((file.string() + ".lock").c_str(), O_RDWR | O_CREAT, 0600)) {
        BOOST_TEST_REQUIRE(::flock(fd_, LOCK_EX | LOCK_NB) == 0);
    }
    other_holder(other_holder const&) = delete;
    ~other_holder() { ::close(fd_); }

private:
    int fd_;
};

/// Runs `f` in another process, which `f` may kill. Returns the result of `f`, or -1.
template <class F>
int in_child(F f) {
    pid_t const child = ::fork();
    if (child == 0)
        ::_exit(f());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(governor_file)

BOOST_FIXTURE_TEST_CASE(governors_of_one_file_share_its_limits, shared_service) {
    eloqua = limited(3);
    auto first = with_file(few_exports(3)), second = with_file(few_exports(3));
    std::string const definition = contact_export(first);
    auto const begin = eloqua.service_time();
    BOOST_TEST(names().empty());
    BOOST_TEST(start(first, definition).has_value());
    BOOST_TEST(start(second, definition).has_value());
    BOOST_TEST(start(first, definition).has_value());
    BOOST_TEST((eloqua.service_time() == begin));
    BOOST_TEST(start(second, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 1h));
    BOOST_TEST(eloqua.syncs_over_limit() == 0u);
    BOOST_TEST((names() == std::set<std::string>{"governor.json", "governor.json.lock"}));
    for (char const* each : {"", ".lock"}) {
        struct stat about{};
        BOOST_TEST(::stat((file.string() + each).c_str(), &about) == 0);
        BOOST_TEST((about.st_mode & 0777) == 0600u);
    }
}

BOOST_FIXTURE_TEST_CASE(activity_exports_of_two_governors_take_turns, shared_service) {
    auto first = with_file(at_service_time()), second = with_file(at_service_time());
    auto unread = opens(first);
    while (unread.checkpoint().sync.empty())
        BOOST_TEST(unread.prepare().value());
    BOOST_TEST(visits(second).next().get().has_value());
    BOOST_TEST(has(seen->reasons.at(0), "/syncs/1 of /activities/exports/1 is still pending"));
    BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
}

BOOST_FIXTURE_TEST_CASE(processes_share_the_limits, shared_service) {
    auto client = with_file(few_exports(3));
    std::string const definition = contact_export(client);
    int const done = in_child([&] {
        auto own = with_file(few_exports(3));
        return start(own, definition) && start(own, definition) ? 0 : 1;
    });
    BOOST_TEST(done == 0);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(seen->reasons.empty());
    auto const begin = eloqua.service_time();
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 1h));
}

BOOST_FIXTURE_TEST_CASE(a_killed_process_counts_and_keeps_nobody_waiting_for_ever, shared_service) {
    auto client = with_file(few_exports(2));
    int const done = in_child([&] {
        auto own = with_file(few_exports(2));
        std::string const definition = activity_export(own);
        eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
            if (q.method == bulk::verb::post && q.target.ends_with("/syncs"))
                ::raise(SIGKILL);
            return std::nullopt;
        });
        return start(own, definition) ? 0 : 1;
    });
    BOOST_TEST(done == -1);
    auto begin = eloqua.service_time();
    BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST(has(seen->reasons.at(0), "a sync of /activities/exports/1 may have been started"));
    BOOST_TEST((eloqua.service_time() - begin >= 10min));
    BOOST_TEST((eloqua.service_time() - begin < 11min));
    // The killed start may have happened at any time since, so it counts for two hours at most.
    std::string const definition = contact_export(client);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin >= 1h));
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin >= 2h));
    BOOST_TEST((eloqua.service_time() - begin < 2h + 1s));
}

BOOST_FIXTURE_TEST_CASE(a_process_may_be_killed_at_any_moment, shared_service) {
    for (int round = 0; round != 20; ++round) {
        int ends[2];
        BOOST_TEST_REQUIRE(::pipe(ends) == 0);
        pid_t const child = ::fork();
        if (child == 0) {
            bulk::governor_options o = at_service_time();
            o.exports = 100'000;
            auto const own = bulk::shared_governor(file, o);
            for (int i = 0; i != 100'000; ++i) {
                auto const now = own->book().try_start("4211@x", bulk::sync_kind::exports, "");
                if (!now)
                    ::_exit(1);
                if (i == 3 && ::write(ends[1], "x", 1) != 1)
                    ::_exit(2);
                own->book().settle("4211@x", {now->number, 0, true, true, std::nullopt});
            }
            ::_exit(0);
        }
        char said = 0;
        BOOST_TEST(::read(ends[0], &said, 1) == 1);
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(WIFSIGNALED(status));
        ::close(ends[0]);
        ::close(ends[1]);
        auto const own = bulk::shared_governor(file, at_service_time());
        auto const now = own->book().try_start("4211@x", bulk::sync_kind::imports, "");
        BOOST_TEST_REQUIRE(now.has_value());
        BOOST_TEST(now->number > 4 * (round + 1));
        own->book().settle("4211@x", {now->number, 1, false, false, std::nullopt});
        BOOST_TEST((names() == std::set<std::string>{"governor.json", "governor.json.lock"}));
    }
}

BOOST_FIXTURE_TEST_CASE(a_locked_file_is_waited_for, shared_service) {
    auto client = with_file(few_exports(2));
    std::string const definition = contact_export(client);
    std::optional<other_holder> holder(file);
    seen->then = [&] { holder.reset(); };
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST_REQUIRE(seen->reasons.size() == 1u);
    BOOST_TEST(seen->reasons[0] == "another process has the governor's file locked");
    BOOST_TEST((seen->delays[0] == 50ms));

    holder.emplace(file);
    bulk::failure const why = start(client, definition).error();
    BOOST_TEST((why.code == bulk::errc::deadline_exceeded));
    BOOST_TEST(
        has(why.message(), "was not started: another process has the governor's file locked"),
        why.message());
    BOOST_TEST(why.info.unsent);
}

BOOST_FIXTURE_TEST_CASE(what_happens_while_the_file_is_locked_is_recorded_later, shared_service) {
    auto client = with_file(few_exports(1));
    std::string const definition = contact_export(client);
    std::optional<other_holder> holder;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::post && q.target.ends_with("/syncs"))
            holder.emplace(file);
        return std::nullopt;
    });
    BOOST_TEST(start(client, definition).has_value());
    eloqua.intercept(nullptr);
    holder.reset();
    auto const begin = eloqua.service_time();
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 1h)); // two hours if it were not recorded
}

BOOST_FIXTURE_TEST_CASE(a_sync_that_is_waited_for_is_noted_once_the_file_is_free, shared_service) {
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::hold(600s)));
    auto before = make(nullptr);
    auto interrupted = opens(before);
    while (interrupted.checkpoint().sync.empty())
        BOOST_TEST(interrupted.prepare().value());

    auto client = with_file(at_service_time());
    auto resumed = opens(client, resume(interrupted.checkpoint()));
    std::optional<other_holder> holder(file);
    int looks = 0;
    std::string noted;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::get && q.target.ends_with("/syncs/1")) {
            if (++looks == 3)
                holder.reset();
            if (looks == 5)
                noted = read();
        }
        return std::nullopt;
    });
    BOOST_TEST(resumed.next().get().has_value());
    BOOST_TEST(looks > 5);
    BOOST_TEST(has(noted, "/syncs/1"), noted);
    BOOST_TEST(!has(read(), "/syncs/1"), read());
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_refused_does_not_stay_locked, shared_service) {
    auto client = with_file(at_service_time());
    std::string const definition = contact_export(client);
    write("a diary");
    BOOST_TEST((start(client, definition).error().code == bulk::errc::governor_failed));
    other_holder const other(file); // while the client and its governor still exist
}

BOOST_FIXTURE_TEST_CASE(the_file_forgets_what_no_longer_matters, shared_service) {
    auto client = with_file(at_service_time());
    std::string const definition = contact_export(client);
    for (int i = 0; i != 300; ++i)
        BOOST_TEST_REQUIRE(start(client, definition).has_value());
    BOOST_TEST(read().size() > 300u * 14);
    eloqua.advance(1h);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(read().size() < 300u);
    // Of an instance that is not used any more, nothing stays.
    auto const other = bulk::shared_governor(file, at_service_time());
    auto const now = other->book().try_start("7@x", bulk::sync_kind::exports, "").value();
    other->book().settle("7@x", {now.number, 0, true, true, std::nullopt});
    BOOST_TEST(has(read(), "\"7@x\""));
    eloqua.advance(2h);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(!has(read(), "\"7@x\""), read());
}

BOOST_FIXTURE_TEST_CASE(a_governor_with_a_short_window_keeps_what_others_need, shared_service) {
    bulk::governor_options brief = few_exports(100);
    brief.window = 60s;
    auto first = with_file(few_exports(2)), second = with_file(brief);
    std::string const definition = contact_export(first);
    auto const begin = eloqua.service_time();
    BOOST_TEST(start(first, definition).has_value());
    BOOST_TEST(start(first, definition).has_value());
    eloqua.advance(10min);
    BOOST_TEST(start(second, definition).has_value());
    eloqua.advance(10min);
    BOOST_TEST(start(second, definition).has_value());
    BOOST_TEST(start(first, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 70min)); // the first three starts are too old
}

BOOST_FIXTURE_TEST_CASE(an_empty_file_has_no_records, shared_service) {
    write("");
    auto client = with_file(at_service_time());
    BOOST_TEST(start(client, contact_export(client)).has_value());
}

BOOST_FIXTURE_TEST_CASE(damaged_and_foreign_files_are_refused, shared_service) {
    auto client = with_file(at_service_time());
    {
        bulk::simulator apart;
        bulk::client_options o = options(bulk::shared_governor(file, at_service_time()));
        bulk::client before(apart, me, o);
        BOOST_TEST(start(before, activity_export(before)).has_value());
    }
    std::string const good = read();
    BOOST_TEST(has(good, R"({"format":"eloqua-bulk governor","version":1,)"), good);
    for (std::size_t cut : {std::size_t(1), good.size() / 2, good.size() - 1}) {
        write(good.substr(0, cut));
        BOOST_TEST(has(refusal(), "remove it"));
    }
    for (std::string const& foreign :
         {std::string("a diary"), std::string("{}"), std::string("[1,2,3]"),
          std::string(R"({"version":1,"refresh_token":"secret"})"), std::string(1000, '[')}) {
        write(foreign);
        std::string const text = refusal();
        BOOST_TEST(has(text, "was not written by a governor, or is damaged"), text);
        BOOST_TEST(!has(text, "secret"));
        BOOST_TEST(read() == foreign); // it is left alone
    }
    auto const changed = [&](std::string const& from, std::string const& to) {
        std::string text = good;
        std::size_t const at = text.find(from);
        BOOST_TEST_REQUIRE(at != std::string::npos);
        write(text.replace(at, from.size(), to));
        return refusal();
    };
    BOOST_TEST(has(changed("\"version\":1", "\"version\":2"),
                   "has version 2, which this program does not support"));
    BOOST_TEST(
        has(changed("\"next\":", "\"next\":\"a\",\"other\":"), "is damaged: next: expected"));
    BOOST_TEST(has(changed("\"exports\":[", "\"exports\":[99999999999999,"), "impossible times"));
    BOOST_TEST(has(changed("\"exports\":[", "\"exports\":[-1,"), "impossible times"));
    BOOST_TEST(
        has(changed("\"since\":", "\"since\":9223372036854775807,\"other\":"), "impossible times"));
    BOOST_TEST(
        has(changed("\"open\":[", R"("open":[{"number":1,"kind":3,"at":1})"), "impossible times"));
    write(std::string(17 * 1024 * 1024, ' '));
    BOOST_TEST(has(refusal(), "is too large for a file of a governor"));
}

BOOST_FIXTURE_TEST_CASE(files_that_others_could_change_are_refused, shared_service) {
    write("", 0622);
    BOOST_TEST(has(refusal(), "can be written by others"));
    fs::remove(file);
    fs::create_directory(file);
    BOOST_TEST(has(refusal(), "is not a regular file"));
    fs::remove(file);
    std::ofstream(folder / "elsewhere") << "";
    fs::create_symlink(folder / "elsewhere", file);
    BOOST_TEST(has(refusal(), "links are not followed"));
    fs::remove(file);
    fs::create_hard_link(folder / "elsewhere", file);
    BOOST_TEST(has(refusal(), "has a second name"));
    fs::remove_all(folder);
    std::string const text = refusal();
    BOOST_TEST(has(text, "cannot be locked: '" + file.string() + ".lock' cannot be opened"), text);
}

BOOST_AUTO_TEST_SUITE_END()
