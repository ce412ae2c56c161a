// SPDX-License-Identifier: BSL-1.0
#include "rejects_file.hpp"

#include <eloqua/bulk/files.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace cli {

namespace {

/// A value of a CSV file.
std::string csv_value(std::string_view text, char delimiter) {
    if (text.find_first_of(std::string("\"\r\n") + delimiter) == text.npos)
        return std::string(text);
    std::string made = "\"";
    for (char const c : text)
        made += c == '"' ? "\"\"" : std::string(1, c);
    return made + '"';
}

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::value(text));
}

std::string joined(std::vector<std::string> const& texts) {
    std::string all;
    for (std::string const& each : texts)
        all += (all.empty() ? "" : " ") + each;
    return all;
}

} // namespace

reject_log::reject_log(std::string file, row_format format, std::vector<std::string> header,
                       row_places& places)
    : path_(std::move(file)), format_(format), header_(std::move(header)), places_(places) {
    if (path_.empty())
        return;
    // They are people's data: a new file is for its owner only.
    if (int const made = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        made >= 0)
        ::close(made);
    out_.emplace(path_, std::ios::binary | std::ios::trunc);
    if (!*out_)
        throw ending(exit_code::refused,
                     "the file of rejects " + printable(path_) +
                         " cannot be created: " + std::generic_category().message(errno));
    if (!format_.ndjson) {
        std::string line;
        for (char const* each : reject_columns)
            line += std::string(line.empty() ? "" : std::string(1, format_.delimiter)) + each;
        for (std::string const& each : header_)
            line += format_.delimiter + csv_value(each, format_.delimiter);
        *out_ << line << "\r\n";
    }
    check();
}

void reject_log::check() {
    if (!*out_)
        throw ending(exit_code::resumable,
                     "the rejects cannot be written to " + printable(path_) + ": " +
                         std::generic_category().message(errno) +
                         "; the import lists them again when it is run again");
}

std::string reject_log::csv_line(bulk::import_reject<bulk::record> const& r,
                                 std::string const& line, std::string const& message,
                                 row_places::place const* found) const {
    char const d = format_.delimiter;
    std::string const code = r.reason == bulk::elq{} ? "" : make_error_code(r.reason).message();
    std::string text = line + d + code + d + csv_value(message, d) + d +
                       csv_value(joined(r.invalid_columns), d) + d;
    if (found)
        return text + found->text;
    for (std::size_t i = 0; i != header_.size(); ++i) {
        std::size_t const at = r.row ? r.row->columns().index_of(header_[i]) : 0;
        text += (i == 0 ? "" : std::string(1, d)) +
                (r.row && at != r.row->size() ? csv_value((*r.row)[at], d) : "");
    }
    return text;
}

std::string reject_log::json_line(bulk::import_reject<bulk::record> const& r,
                                  std::string const& line, std::string const& message,
                                  row_places::place const* found) const {
    std::string const code = r.reason == bulk::elq{} ? "" : make_error_code(r.reason).message();
    std::string text = std::string("{\"") + reject_columns[0] + "\":" + json_text(line) + ",\"" +
                       reject_columns[1] + "\":" + json_text(code) + ",\"" + reject_columns[2] +
                       "\":" + json_text(message) + ",\"" + reject_columns[3] +
                       "\":" + json_text(joined(r.invalid_columns));
    if (found) {
        std::string_view row = found->text;
        row.remove_prefix(row.find('{') + 1);
        bool const blank = row.substr(0, row.find_first_not_of(" \t") + 1).ends_with('}');
        return text + (blank ? "" : ",") + std::string(row);
    }
    if (r.row)
        for (std::size_t i = 0; i != r.row->size(); ++i)
            text += ',' + json_text(r.row->columns()[i].key) + ':' + json_text((*r.row)[i]);
    return text + '}';
}

void reject_log::take(bulk::import_reject<bulk::record> const& reject) {
    ++count_;
    row_places::place const* found =
        reject.row_index == reject.unknown ? nullptr : places_.find(reject.row_index);
    std::string line = found ? std::to_string(found->line) : "";
    std::string message = reject.message;
    if (!found && !reject.candidates.empty()) {
        std::string lines;
        for (std::size_t const each : reject.candidates)
            if (auto const* const one = places_.find(each))
                lines += (lines.empty() ? "" : ", ") + std::to_string(one->line);
        message += " (one of lines " + lines + ")";
    }
    if (first_.size() != most_shown) {
        std::string text = (line.empty() ? "an unknown line" : "line " + line) + ": ";
        if (reject.reason != bulk::elq{})
            text += make_error_code(reject.reason).message() + ' ';
        text += message;
        if (!reject.invalid_columns.empty())
            text += " (" + joined(reject.invalid_columns) + ")";
        first_.push_back(printable(text));
    }
    if (!out_)
        return;
    *out_ << (format_.ndjson ? json_line(reject, line, message, found)
                             : csv_line(reject, line, message, found))
          << (format_.ndjson ? "\n" : "\r\n");
    check();
}

void reject_log::close() {
    if (!out_)
        return;
    out_->close();
    check();
    // The journal, which could list them again, is deleted next. Streams cannot be forced to disk.
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path_, ignored))
        return;
    int const file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    bool const forced = file >= 0 && ::fsync(file) == 0;
    int const error = errno;
    if (file >= 0)
        ::close(file);
    bulk::result<void> const named = bulk::posix_files::instance().sync_folder(path_);
    if (!forced || !named)
        throw ending(exit_code::resumable,
                     "the rejects cannot be forced to disk: " +
                         (forced
                              ? named.error().message()
                              : printable(path_) + ": " + std::generic_category().message(error)));
}

} // namespace cli
