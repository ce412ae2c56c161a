// SPDX-License-Identifier: BSL-1.0
// Token stores: what they keep, what they refuse, and who can read them.
#include <eloqua/bulk/token_store.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace bulk = eloqua::bulk;
namespace fs = std::filesystem;

namespace {

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

struct folder {
    fs::path path;
    fs::path file;
    folder() {
        std::string name = (fs::temp_directory_path() / "eloqua-tokens-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary folder");
        path = name;
        file = path / "tokens.json";
    }
    ~folder() { fs::remove_all(path); }

    std::ptrdiff_t entries() const {
        return std::distance(fs::directory_iterator(path), fs::directory_iterator());
    }
    void write(std::string const& text, mode_t mode = 0600) const {
        std::ofstream(file, std::ios::binary) << text;
        ::chmod(file.c_str(), mode);
    }
    std::string read() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

bulk::oauth_tokens some() {
    bulk::oauth_tokens t;
    t.access_token = "access \"1\"";
    t.refresh_token = "refresh/1+=";
    t.expires_at = bulk::timestamp(std::chrono::hours(500'000));
    return t;
}
bool equal(bulk::oauth_tokens const& a, bulk::oauth_tokens const& b) {
    return a.access_token == b.access_token && a.refresh_token == b.refresh_token &&
           a.expires_at == b.expires_at;
}

/// Runs `f` in another process. Returns its result, or -1 if it was killed.
template <class F>
int in_child(F f) {
    pid_t const child = ::fork();
    if (child == 0)
        ::_exit(f());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Returns the message of a store that must be refused.
std::string refusal(bulk::result<bulk::oauth_tokens> const& came) {
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::token_store_failed));
    BOOST_TEST(!(came.error().code == bulk::condition::try_later));
    return came.error().message();
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_store)

BOOST_AUTO_TEST_CASE(memory_is_shared_by_copies) {
    bulk::memory_token_store one;
    bulk::memory_token_store other = one;
    BOOST_TEST(one.load().value().refresh_token == "");
    BOOST_TEST(one.store(some()).has_value());
    BOOST_TEST(equal(other.load().value(), some()));
    BOOST_TEST(one.try_lock().value());
    BOOST_TEST(!other.try_lock().value());
    one.unlock();
    BOOST_TEST(other.try_lock().value());
}

BOOST_AUTO_TEST_CASE(a_file_keeps_tokens_for_its_owner_alone) {
    folder in;
    bulk::file_token_store store(in.file);
    BOOST_TEST(store.load().value().refresh_token == ""); // nothing stored yet
    mode_t const before = ::umask(0);
    BOOST_TEST(store.store(some()).has_value());
    ::umask(before);
    struct stat about{};
    ::stat(in.file.c_str(), &about);
    BOOST_TEST((about.st_mode & 07777) == 0600u);
    BOOST_TEST(in.entries() == 1);
    BOOST_TEST(in.read() == R"({"version":1,"access_token":"access \"1\"",)"
                            R"("refresh_token":"refresh/1+=",)"
                            R"("expires_at":"2027-01-15T08:00:00.0000000Z"})");
    BOOST_TEST(equal(bulk::file_token_store(in.file).load().value(), some()));

    bulk::oauth_tokens endless = some();
    endless.expires_at.reset();
    BOOST_TEST(store.store(endless).has_value());
    BOOST_TEST(equal(store.load().value(), endless));
    BOOST_TEST(in.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_name_without_a_folder) {
    folder in;
    fs::path const home = fs::current_path();
    fs::current_path(in.path);
    bulk::file_token_store store("tokens.json");
    bool const stored = store.store(some()).has_value();
    bool const locked = store.try_lock().value();
    fs::current_path(home);
    BOOST_TEST(stored);
    BOOST_TEST(locked);
    BOOST_TEST(fs::exists(in.file));
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_read_is_refused) {
    folder in;
    bulk::file_token_store const store(in.file);
    in.write(R"({"version":1,"access_token":"a","refresh_token":"sesame"})");
    BOOST_TEST(store.load().value().refresh_token == "sesame");
    for (mode_t mode : {0640u, 0604u, 0620u, 0601u}) {
        ::chmod(in.file.c_str(), mode);
        std::string const why = refusal(store.load());
        BOOST_TEST(has(why, in.file.string()), why);
        BOOST_TEST(has(why, "can be read by others"), why);
        BOOST_TEST(has(why, "chmod 600"), why);
        BOOST_TEST(!has(why, "sesame"), why);
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_token_file_is_an_error) {
    folder in;
    bulk::file_token_store const store(in.file);
    for (std::string const& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("sesame"),
          std::string(R"({"access_token":"a","refresh_token":"sesame"})"),
          std::string(R"({"version":1})"), std::string(R"({"version":"1"})"),
          std::string(R"({"version":1,"access_token":1,"refresh_token":"sesame"})"),
          std::string(R"({"version":1,"access_token":"a","refresh_token":"sesame"})").substr(0, 40),
          std::string(4096, '\0')}) {
        in.write(text);
        std::string const why = refusal(store.load());
        BOOST_TEST(has(why, "contains no readable tokens"), why);
        BOOST_TEST(has(why, "authorise again"), why);
        BOOST_TEST(!has(why, "sesame"), why);
    }
    in.write(R"({"version":2,"secret":"sesame"})");
    BOOST_TEST(has(refusal(store.load()), "has version 2"));
    in.write(std::string(2'000'000, ' '));
    BOOST_TEST(has(refusal(store.load()), "File too large"));
    fs::remove(in.file);
    fs::create_symlink("/dev/zero", in.file);
    BOOST_TEST(has(refusal(store.load()), "symbolic links"));
    fs::remove(in.file);
    ::mkfifo(in.file.c_str(), 0600);
    BOOST_TEST(has(refusal(store.load()), "not a regular file"));
    fs::remove(in.file);
    fs::create_directory(in.file);
    BOOST_TEST(has(refusal(store.load()), "not a regular file"));
}

BOOST_AUTO_TEST_CASE(a_replacement_that_fails_leaves_the_old_tokens) {
    folder in;
    bulk::file_token_store store(in.file);
    BOOST_TEST(store.store(some()).has_value());
    std::string const old = in.read();
    bulk::oauth_tokens next = some();
    next.refresh_token = std::string(1000, 'x');
    // The disk is full after 100 bytes.
    int const full = in_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit const small{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &small);
        auto const came = store.store(next);
        bool const told = came.has_error() && came.error().code == bulk::errc::token_store_failed &&
                          has(came.error().message(), "cannot be replaced (File too large)");
        return told ? 7 : 1;
    });
    BOOST_TEST(full == 7);
    BOOST_TEST(in.read() == old);
    BOOST_TEST(in.entries() == 1);
    // The process is killed while it writes: a temporary file remains, and is ignored.
    int const killed = in_child([&] {
        ::signal(SIGXFSZ, SIG_DFL);
        rlimit const small{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &small);
        rlimit const no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        return store.store(next).has_value() ? 1 : 2;
    });
    BOOST_TEST(killed == -1);
    BOOST_TEST(in.entries() == 2);
    BOOST_TEST(equal(store.load().value(), some()));
    BOOST_TEST(store.store(next).has_value());
    BOOST_TEST(equal(store.load().value(), next));

    // The name is already in use.
    folder other;
    fs::create_directories(other.file / "occupied");
    auto const came = bulk::file_token_store(other.file).store(some());
    BOOST_TEST((came.error().code == bulk::errc::token_store_failed));
    BOOST_TEST(fs::exists(other.file / "occupied"));
    BOOST_TEST(other.entries() == 1);
    // The folder does not exist.
    bulk::file_token_store nowhere(other.path / "no" / "tokens.json");
    BOOST_TEST(nowhere.store(some()).has_error());
    BOOST_TEST(nowhere.try_lock().has_error());
}

BOOST_AUTO_TEST_CASE(one_store_at_a_time_has_the_lock) {
    folder in;
    bulk::file_token_store one(in.file);
    bulk::file_token_store other(in.file);
    BOOST_TEST(one.try_lock().value());
    BOOST_TEST(!one.try_lock().value());
    BOOST_TEST(!other.try_lock().value());
    one.unlock();
    BOOST_TEST(other.try_lock().value());
    {
        bulk::file_token_store const moved(std::move(other));
        BOOST_TEST(!one.try_lock().value());
    }
    BOOST_TEST(one.try_lock().value());
    one.unlock();
    one.unlock(); // nothing to release
    struct stat about{};
    ::stat((in.file.string() + ".lock").c_str(), &about);
    BOOST_TEST((about.st_mode & 07777) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_lock_file_that_was_removed_is_an_error) {
    folder in;
    fs::path const lock = in.file.string() + ".lock";
    for (bool const replaced : {false, true}) {
        bulk::file_token_store holder(in.file);
        BOOST_TEST(holder.store(some()).has_value());
        BOOST_TEST(holder.try_lock().value());
        BOOST_TEST(holder.load().has_value());
        fs::remove(lock);
        bulk::file_token_store other(in.file);
        if (replaced)
            BOOST_TEST(other.try_lock().value());
        BOOST_TEST(has(refusal(holder.load()), "has lost its lock"));
        holder.unlock();
        BOOST_TEST(holder.load().has_value());
        BOOST_TEST(holder.try_lock().value() == !replaced);
    }
}

BOOST_AUTO_TEST_CASE(locks_and_tokens_that_were_planted_are_refused) {
    folder in;
    fs::path const lock = in.file.string() + ".lock", precious = in.path / "precious";
    std::ofstream(precious) << "precious";
    bulk::file_token_store store(in.file);
    auto const why_not = [&] {
        auto const came = store.try_lock();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::token_store_failed));
        BOOST_TEST(has(came.error().message(), lock.string()));
        fs::remove(lock);
        return came.error().message();
    };
    fs::create_symlink(precious, lock);
    BOOST_TEST(has(why_not(), "symbolic links"));
    fs::create_symlink(in.path / "nowhere", lock);
    BOOST_TEST(has(why_not(), "symbolic links"));
    BOOST_TEST(!fs::exists(in.path / "nowhere"));
    fs::create_hard_link(precious, lock);
    ::chmod(precious.c_str(), 0600);
    BOOST_TEST(has(why_not(), "has a second name"));
    ::mkfifo(lock.c_str(), 0600);
    BOOST_TEST(has(why_not(), "not a regular file"));
    std::ofstream(lock).close();
    ::chmod(lock.c_str(), 0666);
    BOOST_TEST(has(why_not(), "can be written by others"));
    if (::geteuid() == 0) {
        std::ofstream(lock).close();
        ::chmod(lock.c_str(), 0600);
        BOOST_TEST(::chown(lock.c_str(), 65534, 65534) == 0);
        BOOST_TEST(has(why_not(), "belongs to another user"));
    }
    BOOST_TEST(store.store(some()).has_value());
    fs::create_hard_link(in.file, in.path / "second");
    BOOST_TEST(has(refusal(store.load()), "has a second name"));
}

BOOST_AUTO_TEST_CASE(the_lock_works_across_processes_and_ends_with_its_process) {
    folder in;
    bulk::file_token_store store(in.file);
    auto const locked_elsewhere = [&] {
        return in_child([&] {
            auto const got = bulk::file_token_store(in.file).try_lock();
            return got ? *got ? 1 : 0 : 2;
        });
    };
    BOOST_TEST(locked_elsewhere() == 1); // and released when it ended
    BOOST_TEST(store.try_lock().value());
    BOOST_TEST(locked_elsewhere() == 0);
    store.unlock();
    BOOST_TEST(locked_elsewhere() == 1);
    int const killed = in_child([&] {
        bulk::file_token_store dying(in.file);
        if (dying.try_lock().value())
            ::raise(SIGKILL);
        return 0;
    });
    BOOST_TEST(killed == -1);
    BOOST_TEST(store.try_lock().value());
}

BOOST_AUTO_TEST_SUITE_END()
