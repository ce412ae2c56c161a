// SPDX-License-Identifier: BSL-1.0
// Files that others have planted or changed: journals are then refused, rows are written only where
// the user or root has pointed to, and nothing else is touched.
#include <eloqua/bulk/detail/file/journal.hpp>
#include <eloqua/bulk/files.hpp>

#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace bulk = eloqua::bulk;
namespace fs = std::filesystem;

namespace {

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

struct folder {
    folder() {
        std::string name = (fs::temp_directory_path() / "planted-XXXXXX").string();
        path = ::mkdtemp(name.data());
        put("precious", "precious");
    }
    ~folder() { fs::remove_all(path); }
    fs::path operator/(std::string const& name) const { return path / name; }
    void put(std::string const& name, std::string const& content, mode_t mode = 0600) const {
        std::ofstream(path / name, std::ios::binary) << content;
        ::chmod((path / name).c_str(), mode);
    }
    std::string content(std::string const& name) const {
        std::ifstream in(path / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// The protected files are unchanged.
    void check() const { BOOST_TEST(content("precious") == "precious"); }

    fs::path path;
    bulk::posix_files files;
};

std::string why_not_a_journal(fs::path const& path) {
    auto const opened = bulk::detail::journal::open(path);
    BOOST_TEST_REQUIRE(opened.has_error());
    BOOST_TEST((opened.error().code == bulk::errc::journal_failed));
    BOOST_TEST(has(opened.error().message(), path.string()));
    return opened.error().message();
}
std::string why_no_rows(folder& in, fs::path const& path) {
    auto const opened = in.files.open_data(path);
    return opened ? "opened" : opened.error().message();
}
std::vector<std::string> const one{"one"};
uid_t const nobody = 65534;

} // namespace

BOOST_AUTO_TEST_SUITE(planted_files)

BOOST_FIXTURE_TEST_CASE(a_new_journal_is_written_under_an_unused_name, folder) {
    for (bool const hard : {false, true}) {
        std::string const name = hard ? "h" : "s";
        hard ? fs::create_hard_link(*this / "precious", *this / (name + ".new"))
             : fs::create_symlink(*this / "precious", *this / (name + ".new"));
        auto journal = bulk::detail::journal::open(*this / name).value();
        journal.rewrite(one).value();
        journal.append("two").value();
        check();
        BOOST_TEST(fs::is_regular_file(fs::symlink_status(*this / name)));
        BOOST_TEST(!fs::exists(*this / (name + ".new")));
        BOOST_TEST(has(content(name), "one\n"));
    }
    fs::create_directory(*this / "d.new");
    auto journal = bulk::detail::journal::open(*this / "d").value();
    BOOST_TEST(has(journal.rewrite(one).error().message(), "d.new' already exists"));
}

BOOST_FIXTURE_TEST_CASE(journals_belong_to_the_user_alone, folder) {
    put("empty", "");
    fs::create_symlink(*this / "empty", *this / "link");
    BOOST_TEST(has(why_not_a_journal(*this / "link"), "name the file itself"));
    fs::create_symlink(*this / "nowhere", *this / "dangling");
    (void)why_not_a_journal(*this / "dangling");
    BOOST_TEST(!fs::exists(*this / "nowhere"));
    fs::create_hard_link(*this / "empty", *this / "other name");
    BOOST_TEST(has(why_not_a_journal(*this / "other name"), "has a second name"));
    BOOST_TEST(content("empty") == "");
    for (mode_t const mode : {0620u, 0602u, 0666u}) {
        put("open", "", mode);
        BOOST_TEST(has(why_not_a_journal(*this / "open"), "can be written by others"));
    }
    put("read by others", "", 0644);
    BOOST_TEST(bulk::detail::journal::open(*this / "read by others").has_value());
    if (::geteuid() == 0) {
        put("of another", "");
        BOOST_TEST(::chown((*this / "of another").c_str(), nobody, nobody) == 0);
        BOOST_TEST(has(why_not_a_journal(*this / "of another"), "belongs to another user"));
    }
}

BOOST_FIXTURE_TEST_CASE(a_journal_that_was_removed_is_an_error, folder) {
    auto journal = bulk::detail::journal::open(*this / "j").value();
    journal.append("one").value();
    fs::remove(*this / "j");
    BOOST_TEST(has(journal.append("two").error().message(), "j' was removed or replaced"));
    auto other = bulk::detail::journal::open(*this / "k").value();
    put("m", "");
    fs::rename(*this / "m", *this / "k");
    BOOST_TEST(has(other.append("two").error().message(), "k' was removed or replaced"));
    BOOST_TEST(content("k") == "");

    memory_disk::disk disk;
    auto third = bulk::detail::journal::open("j", disk).value();
    disk.remove("j").value();
    BOOST_TEST(has(third.append("one").error().message(), "'j' was removed or replaced"));
}

BOOST_FIXTURE_TEST_CASE(rows_are_written_through_the_user_s_links, folder) {
    fs::create_directory(*this / "data");
    fs::create_symlink("data/out", *this / "link");
    fs::create_symlink("link", *this / "second link");
    auto rows = files.open_data(*this / "second link").value();
    rows->append("row").value();
    rows->sync().value();
    files.sync_folder(*this / "second link").value();
    BOOST_TEST(content("data/out") == "row");
    BOOST_TEST(has(why_no_rows(*this, *this / "data/out"), "is in use"));
    fs::remove(*this / "data/out");
    BOOST_TEST(has(rows->sync().error().message(), "second link' was removed or replaced"));
    fs::create_symlink("loop", *this / "loop");
    BOOST_TEST(has(why_no_rows(*this, *this / "loop"), "symbolic links"));
    BOOST_TEST(has(why_no_rows(*this, path), "Is a directory"));
    if (::geteuid() == 0) {
        fs::create_symlink("precious", *this / "of another");
        BOOST_TEST(::lchown((*this / "of another").c_str(), nobody, nobody) == 0);
        BOOST_TEST(has(why_no_rows(*this, *this / "of another"), "another user created"));
        fs::create_symlink("of another", *this / "to it");
        BOOST_TEST(has(why_no_rows(*this, *this / "to it"), "another user created"));
    }
    check();
}

BOOST_FIXTURE_TEST_CASE(folders_that_everyone_can_write_to, folder) {
    for (mode_t const mode : {0777u, 01777u}) {
        fs::path const shared = *this / ("shared" + std::to_string(mode));
        fs::create_directory(shared);
        ::chmod(shared.c_str(), mode);
        fs::create_symlink(*this / "precious", shared / "link");
        BOOST_TEST(has(why_no_rows(*this, shared / "link"), "a folder that everyone can write to"));
        fs::create_symlink(shared / "link", shared.string() + ".link");
        BOOST_TEST(has(why_no_rows(*this, shared.string() + ".link"),
                       "a folder that everyone can write to"));
        fs::create_hard_link(*this / "precious", shared / "hard");
        BOOST_TEST(has(why_no_rows(*this, shared / "hard"), "not belong to you alone"));
        BOOST_TEST(why_no_rows(*this, shared / "own") == "opened");
        fs::create_symlink(shared / "fresh", shared.string() + ".fresh");
        BOOST_TEST(why_no_rows(*this, shared.string() + ".fresh") == "opened");
        if (::geteuid() == 0) {
            BOOST_TEST(::chown((shared / "own").c_str(), nobody, nobody) == 0);
            BOOST_TEST(has(why_no_rows(*this, shared / "own"), "not belong to you alone"));
            BOOST_TEST(::mkfifo((shared / "pipe").c_str(), 0666) == 0);
            BOOST_TEST(::chown((shared / "pipe").c_str(), nobody, nobody) == 0);
            int const reader = ::open((shared / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
            BOOST_TEST(has(why_no_rows(*this, shared / "pipe"), "not belong to you alone"));
            ::close(reader);
        }
        fs::remove(shared / "hard");
    }
    check();
}

BOOST_FIXTURE_TEST_CASE(pipes_and_standard_output, folder) {
    fs::path const pipe = *this / "pipe";
    BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    BOOST_TEST(files.is_stream(pipe));
    BOOST_TEST(!files.is_stream(*this / "precious"));
    BOOST_TEST(!files.is_stream(*this / "nowhere"));
    BOOST_TEST(!files.is_stream(path));
    BOOST_TEST(has(why_no_rows(*this, pipe), "start the process that reads from it first"));
    int const reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    auto rows = files.open_data(pipe).value();
    rows->append("row").value();
    rows->sync().value();
    BOOST_TEST(rows->truncate(0).has_error());
    char got[10] = {};
    BOOST_TEST(::read(reader, got, sizeof got) == 3);
    BOOST_TEST(std::string(got) == "row");
    ::close(reader);

    put("out", "");
    int const before = ::dup(STDOUT_FILENO);
    int const redirected = ::open((*this / "out").c_str(), O_WRONLY);
    ::dup2(redirected, STDOUT_FILENO);
    bool const is_stream = files.is_stream("/dev/stdout");
    auto opened = files.open_data("/dev/stdout");
    bool const written = opened && (*opened)->append("row") && (*opened)->sync();
    ::dup2(before, STDOUT_FILENO);
    ::close(before);
    ::close(redirected);
    BOOST_TEST(is_stream);
    BOOST_TEST(written);
    BOOST_TEST(content("out") == "row");
}

BOOST_AUTO_TEST_CASE(a_damaged_journal_is_reported_at_once) {
    // At each offset there starts something that looks like a record half as long as the file.
    std::size_t const half = 2'000'000;
    std::string text = "eloqua-bulk-journal/1\n";
    while (text.size() < half)
        text += std::to_string(half) + " 0000000f ";
    text.append(half + 200, '\n');
    memory_disk::disk disk;
    disk.put("j", text);
    disk.put("digits", "eloqua-bulk-journal/1\n" + std::string(half, '1'));
    auto const opened = bulk::detail::journal::open("j", disk);
    BOOST_TEST(has(opened.error().message(), "'j' is damaged at byte 22"));
    BOOST_TEST(disk.content("j").value() == text);
    BOOST_TEST(bulk::detail::journal::open("digits", disk).value().records().empty());
}

BOOST_AUTO_TEST_SUITE_END()
