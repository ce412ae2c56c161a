// SPDX-License-Identifier: BSL-1.0
#include "gzip_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

namespace cli {

namespace {

// A member: a header of ten bytes with the flag FEXTRA (RFC 1952), 16 bytes of extra field with
// the subfield "EB" (its size, the member's size, the content's size), deflated data, CRC, size.
constexpr std::size_t header_size = 28;
constexpr std::size_t largest_content = 4'000'000;

void put(std::string& to, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i != bytes; ++i)
        to += static_cast<char>(value >> (8 * i) & 0xFF);
}
std::uint64_t get(std::string_view from, std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i != bytes; ++i)
        value |= std::uint64_t(static_cast<unsigned char>(from[at + i])) << (8 * i);
    return value;
}

constexpr std::string_view start{"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x10\0EB\x0c\0", 16};

/// A member with this content; empty if zlib fails.
std::string member_of(std::string_view content) {
    z_stream z{};
    if (::deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string data(::deflateBound(&z, static_cast<uLong>(content.size())), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    z.avail_in = static_cast<uInt>(content.size());
    z.next_out = reinterpret_cast<Bytef*>(data.data());
    z.avail_out = static_cast<uInt>(data.size());
    bool const whole = ::deflate(&z, Z_FINISH) == Z_STREAM_END;
    data.resize(z.total_out);
    ::deflateEnd(&z);
    if (!whole)
        return {};
    std::string member(start);
    put(member, header_size + data.size() + 8, 6);
    put(member, content.size(), 6);
    member += data;
    put(member, ::crc32(0, reinterpret_cast<Bytef const*>(content.data()), uInt(content.size())),
        4);
    put(member, content.size(), 4);
    return member;
}

/// The ends of members.
struct boundary {
    std::uint64_t content = 0, file = 0;
};

/// The end of each complete member from the start of the file. Empty if the file does not begin
/// with a member of ours.
std::optional<std::vector<boundary>> boundaries_of(std::filesystem::path const& path,
                                                   std::uint64_t size) {
    std::vector<boundary> ends{boundary()};
    std::ifstream in(path, std::ios::binary);
    for (;;) {
        boundary at = ends.back();
        if (size - at.file < header_size)
            return ends;
        std::array<char, header_size> head{};
        in.seekg(static_cast<std::streamoff>(at.file));
        if (!in.read(head.data(), head.size()))
            return ends.size() == 1 ? std::nullopt : std::optional(ends);
        std::string_view const text(head.data(), head.size());
        if (!text.starts_with(start))
            return ends.size() == 1 ? std::nullopt : std::optional(ends);
        std::uint64_t const own = get(text, start.size(), 6);
        if (own < header_size || own > size - at.file)
            return ends; // it was being written
        at.file += own;
        at.content += get(text, start.size() + 6, 6);
        ends.push_back(at);
    }
}

/// Compresses what is appended.
class gzip_file final : public bulk::durable_file {
public:
    gzip_file(std::unique_ptr<bulk::durable_file> file, std::vector<boundary> ends, bool stream)
        : file_(std::move(file)), ends_(std::move(ends)), stream_(stream) {}

    [[nodiscard]] bulk::result<std::uint64_t> size() const override {
        return ends_.back().content + pending_.size();
    }
    [[nodiscard]] bulk::result<std::string> read_all() const override { return file_->read_all(); }
    [[nodiscard]] bulk::result<void> append(std::string_view text) override {
        while (!text.empty()) {
            std::string_view const part =
                text.substr(0, largest_content - std::min(largest_content, pending_.size()));
            pending_ += part;
            text.remove_prefix(part.size());
            if (pending_.size() >= largest_content) {
                bulk::result<void> const written = end_member();
                if (!written)
                    return written;
            }
        }
        return {};
    }
    [[nodiscard]] bulk::result<void> truncate(std::uint64_t size) override {
        pending_.clear();
        while (ends_.back().content > size)
            ends_.pop_back();
        if (ends_.back().content != size)
            return bulk::failure(bulk::errc::journal_failed,
                                 "the compressed file has no member that ends after " +
                                     std::to_string(size) + " bytes of rows");
        return file_->truncate(ends_.back().file);
    }
    [[nodiscard]] bulk::result<void> sync() override {
        // A file without a member would not be a gzip file.
        bool const nothing_yet = ends_.back().file == 0 && pending_.empty();
        bulk::result<void> const written = end_member(nothing_yet);
        return written ? file_->sync() : written;
    }
    [[nodiscard]] bulk::result<void> rename(std::filesystem::path const& to) override {
        return file_->rename(to);
    }

private:
    bulk::result<void> end_member(bool even_if_empty = false) {
        if (pending_.empty() && !even_if_empty)
            return {};
        std::string const member = member_of(pending_);
        if (member.empty())
            return bulk::failure(bulk::errc::journal_failed, "zlib cannot compress the rows");
        bulk::result<void> const written = file_->append(member);
        if (!written)
            return written;
        boundary at = ends_.back();
        at.content += pending_.size();
        at.file += member.size();
        if (stream_)
            ends_.back() = at;
        else
            ends_.push_back(at);
        pending_.clear();
        return {};
    }

    std::unique_ptr<bulk::durable_file> file_;
    std::vector<boundary> ends_;
    bool stream_;
    std::string pending_;
};

} // namespace

bulk::opened_file gzip_files::open_data(std::filesystem::path const& path) {
    bulk::opened_file opened = plain_.open_data(path);
    if (!opened || path != path_)
        return opened;
    bool const stream = plain_.is_stream(path);
    std::vector<boundary> ends{boundary()};
    if (!stream) {
        bulk::result<std::uint64_t> const size = (*opened)->size();
        if (!size)
            return size.error();
        if (auto found = boundaries_of(path, *size))
            ends = std::move(*found);
    }
    return std::unique_ptr<bulk::durable_file>(
        std::make_unique<gzip_file>(std::move(*opened), std::move(ends), stream));
}

bulk::result<std::optional<std::uint64_t>> gzip_files::size_of(std::filesystem::path const& path) {
    bulk::result<std::optional<std::uint64_t>> size = plain_.size_of(path);
    if (!size || !*size || path != path_)
        return size;
    auto const ends = boundaries_of(path, **size);
    if (!ends) // a file of others: any size but 0
        return size;
    // A member that was being written counts, so that it is cut off.
    std::uint64_t const torn = ends->back().file != **size;
    return std::optional<std::uint64_t>(ends->back().content + torn);
}

} // namespace cli
