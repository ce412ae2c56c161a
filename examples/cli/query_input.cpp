// SPDX-License-Identifier: BSL-1.0
#include "query_input.hpp"

#ifdef ELOQUA_CLI_SQLITE
#include "../databases/sqlite_reader.hpp"
#endif
#ifdef ELOQUA_CLI_POSTGRES
#include "../databases/postgres_reader.hpp"
#endif

#include "ending.hpp"
#include "output.hpp"
#include "text.hpp"
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <csv.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cli {

namespace {

/// A number that differs for different inputs, the same in every run (FNV-1a).
std::string number_of_input(std::string_view text) {
    std::uint64_t sum = 14695981039346656037u;
    for (char const c : text)
        sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", static_cast<unsigned>(sum ^ (sum >> 32)));
    return digits;
}

/// Writes a CSV file that is complete once it has its name.
class csv_writer {
public:
    explicit csv_writer(std::string path) : path_(std::move(path)), part_(path_ + ".part") {
        int const fd = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                              S_IRUSR | S_IWUSR); // rows are people's data
        file_.reset(fd < 0 ? nullptr : ::fdopen(fd, "w"));
        if (!file_)
            fail();
    }
    void write(std::vector<std::string> const& values) {
        line_.clear();
        for (std::string const& each : values) {
            cell_.resize(2 * each.size() + 2);
            std::size_t const size =
                ::csv_write(cell_.data(), cell_.size(), each.data(), each.size());
            line_.append(line_.empty() ? "" : ",").append(cell_, 0, size);
        }
        line_ += '\n';
        if (std::fwrite(line_.data(), 1, line_.size(), file_.get()) != line_.size())
            fail();
    }
    void close() {
        bool const good = std::fflush(file_.get()) == 0 && ::fsync(::fileno(file_.get())) == 0 &&
                          std::fclose(file_.release()) == 0;
        if (!good || std::rename(part_.c_str(), path_.c_str()) != 0)
            fail();
        // The name must be on disk before the journal says that rows of the file were sent.
        std::filesystem::path const folder = std::filesystem::path(path_).parent_path();
        int const fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
        bool const known = fd >= 0 && ::fsync(fd) == 0;
        if (fd >= 0)
            ::close(fd);
        if (!known)
            fail();
    }

private:
    struct closer {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    [[noreturn]] void fail() const {
        throw ending(errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? exit_code::resumable
                                                                          : exit_code::refused,
                     "cannot write " + printable(part_) + ": " + std::strerror(errno) +
                         "; nothing was sent");
    }

    std::string path_, part_, line_, cell_;
    std::unique_ptr<std::FILE, closer> file_;
};

std::unique_ptr<::row_reader> open_query([[maybe_unused]] std::string const& input,
                                         [[maybe_unused]] std::string const& query) {
#ifdef ELOQUA_CLI_SQLITE
    if (input.starts_with(sqlite_prefix))
        return std::make_unique<sqlite_reader>(input.substr(sqlite_prefix.size()), query);
#endif
#ifdef ELOQUA_CLI_POSTGRES
    if (input.starts_with(postgres_prefix))
        return std::make_unique<postgres_reader>(input.substr(postgres_prefix.size()), query);
#endif
    throw bad_usage("this program was built without this database");
}

} // namespace

bool is_database(std::string const& input) {
    return input.starts_with(sqlite_prefix) || input.starts_with(postgres_prefix);
}

query_rows::~query_rows() {
    if (lock_ >= 0)
        ::close(lock_);
}

query_rows rows_of_query(std::string const& input, std::string const& query,
                         std::string const& journal, common_arguments const& common,
                         progress& shown) {
    if (query.empty() || journal.empty())
        throw bad_usage("an import from a database needs --query and --journal");
    std::string const path = journal + '.' + number_of_input(input + '\n' + query) + ".rows.csv";
    std::string const lock = journal + ".query.lock";
    int const fd =
        ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    query_rows made(path, fd);
    if (fd < 0 || ::flock(fd, LOCK_EX | LOCK_NB) != 0)
        throw ending(fd >= 0 && errno == EWOULDBLOCK ? exit_code::resumable : exit_code::refused,
                     "cannot lock " + printable(lock) + ": " +
                         (fd >= 0 && errno == EWOULDBLOCK
                              ? std::string("another import with this journal is running")
                              : std::generic_category().message(errno)));
    if (std::filesystem::exists(journal)) {
        if (!std::filesystem::exists(path))
            throw ending(exit_code::refused,
                         "the journal " + printable(journal) +
                             " belongs to an import that is complete, or to another query; choose "
                             "another journal for a new import");
        shown.note("using the rows of the earlier run in " + printable(path));
        return made;
    }
    std::unique_ptr<::row_reader> const rows = open_query(input, query);
    csv_writer out(path);
    out.write(rows->columns());
    std::vector<std::string> values;
    for (std::uint64_t count = 0; rows->next(values); ++count) {
        out.write(values);
        if (count % 10'000 == 0 && common.stop.stop_requested())
            throw ending(exit_code::resumable,
                         "interrupted before anything was sent; the same command starts again");
    }
    out.close();
    return made;
}

} // namespace cli
