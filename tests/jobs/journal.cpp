// SPDX-License-Identifier: BSL-1.0
// Journals: whole records are read back, whatever a crash leaves; a file that is not a journal
// stays untouched.
#include <eloqua/bulk/detail/file/journal.hpp>

#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace bulk = eloqua::bulk;
using memory_disk::crash;
using memory_disk::disk;
using memory_disk::loss;

namespace {

using texts = std::vector<std::string>;

texts const three{"begin", "two\nlines", ""};
std::string const written = "eloqua-bulk-journal/1\n"
                            "5 7a859515 begin\n"
                            "9 b8957a1f two\nlines\n"
                            "0 00000000 \n";

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// The records of a journal with this content, and the content after it was opened.
texts read(std::string const& content, std::string& after) {
    disk on;
    on.put("j", content);
    texts const records = bulk::detail::journal::open("j", on).value().records();
    after = on.content("j").value();
    return records;
}
bulk::failure refusal(std::string const& content) {
    disk on;
    on.put("j", content);
    auto const opened = bulk::detail::journal::open("j", on);
    BOOST_TEST_REQUIRE(opened.has_error());
    BOOST_TEST((opened.error().code == bulk::errc::journal_failed));
    BOOST_TEST(on.content("j").value() == content);
    return opened.error();
}

struct folder {
    folder() {
        std::string name = (std::filesystem::temp_directory_path() / "journal-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};
std::string content_of(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(journals)

BOOST_AUTO_TEST_CASE(records_are_read_back) {
    disk on;
    {
        auto made = bulk::detail::journal::open("j", on).value();
        BOOST_TEST(made.records().empty());
        for (std::string const& each : three)
            made.append(each).value();
        BOOST_TEST(made.size() == written.size());
    }
    BOOST_TEST(on.content("j").value() == written);
    auto again = bulk::detail::journal::open("j", on).value();
    BOOST_TEST(again.records() == three, boost::test_tools::per_element());
    BOOST_TEST(again.size() == written.size());
    texts const fewer{"the last"};
    again.rewrite(fewer).value();
    again.append("and more").value();
    BOOST_TEST(!on.content("j.new"));
    auto closed = std::move(again);
    std::string after;
    texts const both{"the last", "and more"};
    BOOST_TEST(read(on.content("j").value(), after) == both, boost::test_tools::per_element());
    BOOST_TEST(closed.size() == after.size());
}

BOOST_AUTO_TEST_CASE(an_incomplete_last_record_is_dropped) {
    std::size_t const two = written.size() - 12;
    for (std::size_t size = two; size < written.size(); ++size) {
        std::string after;
        BOOST_TEST(read(written.substr(0, size), after).size() == 2u);
        BOOST_TEST(after == written.substr(0, two));
        BOOST_TEST(read(written.substr(0, size) + std::string(40, '\0'), after).size() == 2u);
        BOOST_TEST(after == written.substr(0, two));
    }
    for (std::size_t at = two; at != written.size(); ++at) {
        std::string changed = written, after;
        changed[at] ^= 1;
        BOOST_TEST(read(changed, after).size() == 2u);
    }
    std::string after;
    BOOST_TEST(read(written + "99999999999999999999999 00000000 x\n\n\n", after) == three,
               boost::test_tools::per_element());
    BOOST_TEST(after == written);
}

BOOST_AUTO_TEST_CASE(an_incomplete_first_line_is_rewritten) {
    for (std::size_t size = 0; size != 22; ++size) {
        std::string after;
        BOOST_TEST(read(written.substr(0, size), after).empty());
        BOOST_TEST(after == written.substr(0, 22));
        BOOST_TEST(read(std::string(size, '\0'), after).empty());
        BOOST_TEST(after == written.substr(0, 22));
        BOOST_TEST(read(written.substr(0, size) + std::string(22 - size, '\0'), after).empty());
        BOOST_TEST(after == written.substr(0, 22));
    }
}

BOOST_AUTO_TEST_CASE(an_incomplete_record_before_others_is_an_error) {
    for (std::size_t at = 22; at != written.size() - 12; ++at) {
        std::string changed = written;
        changed[at] ^= 1;
        BOOST_TEST_CONTEXT("byte " << at)
        BOOST_TEST(has(refusal(changed).message(), "'j' is damaged at byte "));
    }
}

BOOST_AUTO_TEST_CASE(other_files_are_refused_and_left_unchanged) {
    BOOST_TEST(has(refusal("email,name\r\n").message(), "'j' is not a journal"));
    BOOST_TEST(has(refusal(std::string(23, '\0')).message(), "'j' is not a journal"));
    BOOST_TEST(has(refusal("eloqua-bulk-journal/2\n").message(), "has a version"));
}

BOOST_AUTO_TEST_CASE(a_failure_is_final) {
    disk on;
    auto made = bulk::detail::journal::open("j", on).value();
    made.append("first").value();
    on.fail_at = on.operations + 2; // fsync: whether the text is on the disk is unknown
    BOOST_TEST(has(made.append("second").error().message(), "the disk is full"));
    BOOST_TEST(has(made.append("third").error().message(), "the disk is full"));
    BOOST_TEST(has(made.rewrite(three).error().message(), "the disk is full"));
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_moment_leaves_the_records_before_it) {
    std::mt19937 random(1);
    for (loss const what : {loss::none, loss::all, loss::at_will})
        for (unsigned round = 0; round != (what == loss::at_will ? 30u : 1u); ++round)
            for (std::size_t k = 1;; ++k) {
                disk on;
                on.crash_at = k;
                std::vector<texts> states{
                    {}}; // the ones that were written, and the one that was to be
                bool crashed = false;
                try {
                    auto made = bulk::detail::journal::open("j", on).value();
                    for (char const* each : {"a", "b", "c"}) {
                        texts next = states.back();
                        next.emplace_back(each);
                        states.push_back(next);
                        made.append(each).value();
                    }
                    texts const rewritten{"c", "d"};
                    states.push_back(rewritten);
                    made.rewrite(rewritten).value();
                    texts const last{"c", "d", "e"};
                    states.push_back(last);
                    made.append("e").value();
                } catch (crash const&) {
                    crashed = true;
                }
                on.reboot(what, random);
                auto again = bulk::detail::journal::open("j", on).value();
                bool const before = states.size() > 1 && again.records() == *(states.end() - 2);
                BOOST_TEST_CONTEXT("operation " << k)
                BOOST_TEST((again.records() == states.back() || (crashed && before)));
                again.append("f").value();
                if (!crashed)
                    break;
            }
}

BOOST_AUTO_TEST_CASE(one_object_at_a_time) {
    folder const in;
    std::filesystem::path const path = in.path / "j";
    auto in_use = [&] {
        auto const second = bulk::detail::journal::open(path);
        return second.has_error() && second.error().code == bulk::errc::in_use &&
               has(second.error().message(), path.string());
    };
    {
        auto first = bulk::detail::journal::open(path).value();
        first.append("a").value();
        BOOST_TEST(in_use());
        texts const other{"b", "c"};
        first.rewrite(other).value();
        BOOST_TEST(in_use());
        first.append("d").value();
        pid_t const child = ::fork();
        if (child == 0)
            ::_exit(in_use() ? 0 : 1);
        int status = -1;
        ::waitpid(child, &status, 0);
        BOOST_TEST(status == 0);
        BOOST_TEST(!std::filesystem::exists(in.path / "j.new"));
    }
    texts const all{"b", "c", "d"};
    BOOST_TEST(bulk::detail::journal::open(path).value().records() == all,
               boost::test_tools::per_element());
    struct stat about{};
    BOOST_TEST_REQUIRE(::stat(path.c_str(), &about) == 0);
    BOOST_TEST((about.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(errors_name_the_file_and_the_cause) {
    folder const in;
    auto const nowhere = bulk::detail::journal::open(in.path / "none" / "j");
    BOOST_TEST(
        has(nowhere.error().message(), "none/j' cannot be opened (No such file or directory)"));
    BOOST_TEST(has(bulk::detail::journal::open(in.path).error().message(), "Is a directory"));
    BOOST_TEST_REQUIRE(::mkfifo((in.path / "pipe").c_str(), 0600) == 0);
    BOOST_TEST(
        has(bulk::detail::journal::open(in.path / "pipe").error().message(), "not a regular file"));
    auto full = bulk::posix_files::instance().open("/dev/full");
    BOOST_TEST(has(full.error().message(), "'/dev/full' is not a regular file"));
    bulk::posix_files files;
    auto const file = files.open(in.path / "f").value();
    file->append("12345").value();
    BOOST_TEST(file->size().value() == 5u);
    file->truncate(3).value();
    file->append("6").value();
    BOOST_TEST(file->read_all().value() == "1236");
    BOOST_TEST(files.size_of(in.path / "f").value().value() == 4u);
    BOOST_TEST(!files.size_of(in.path / "g").value());
    BOOST_TEST(content_of(in.path / "f") == "1236");
    files.remove(in.path / "f").value();
    BOOST_TEST(has(files.remove(in.path / "f").error().message(), "cannot be removed"));
}

BOOST_AUTO_TEST_SUITE_END()
