// SPDX-License-Identifier: BSL-1.0
#include "recording.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <span>
#include <stop_token>
#include <utility>
#include <zlib.h>

namespace cli {

namespace {

constexpr std::size_t most_recorded = 1'000'000;

bool contains(std::span<std::string_view const> names, std::string_view name) {
    return std::ranges::any_of(names, [&](std::string_view each) {
        return std::ranges::equal(each, name, [](unsigned char a, unsigned char b) {
            return std::tolower(a) == std::tolower(b);
        });
    });
}

/// Members whose texts are not about people or campaigns.
bool is_plain_member(std::string_view name) {
    static constexpr auto plain = std::to_array<std::string_view>({"uri",
                                                                   "syncedInstanceUri",
                                                                   "statement",
                                                                   "internalName",
                                                                   "dataType",
                                                                   "status",
                                                                   "statusCode",
                                                                   "severity",
                                                                   "createdAt",
                                                                   "updatedAt",
                                                                   "syncStartedAt",
                                                                   "syncEndedAt",
                                                                   "executedAt",
                                                                   "syncUri",
                                                                   "autoDeleteDuration",
                                                                   "dataRetentionDuration",
                                                                   "activityTypes",
                                                                   "updateRule",
                                                                   "importRule",
                                                                   "identifierFieldName",
                                                                   "displayNameFieldUri",
                                                                   "uniqueFieldUri",
                                                                   "emailAddressFieldUri",
                                                                   "importPriorityUri",
                                                                   "action",
                                                                   "bulk"});
    return contains(plain, name);
}

/// The service's words, without what it quotes and without numbers of more than four digits.
std::string masked_message(std::string_view text) {
    std::string made;
    char quote = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        char const c = text[i];
        bool const starts =
            quote == 0 && (c == '"' || c == '\'') && text.find(c, i + 1) != text.npos;
        if (starts)
            quote = c;
        else if (c == quote)
            quote = 0;
        made += quote != 0 && !starts ? masked(text.substr(i, 1)) : std::string(1, c);
    }
    for (std::size_t i = 0; i < made.size();) {
        std::size_t const end = std::min(made.find_first_not_of("0123456789", i), made.size());
        if (end - i > 4)
            std::fill(made.begin() + std::ptrdiff_t(i), made.begin() + std::ptrdiff_t(end), '9');
        i = end + 1;
    }
    // An address that is not quoted.
    return made.find('@') == made.npos ? made : masked(made);
}

/// Filters and fields of definitions have statements in them, such as {{Contact.Id}}.
std::string masked_outside_of_statements(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        std::size_t const start = std::min(text.find("{{"), text.size());
        std::size_t const end = std::min(text.find("}}", start), text.size());
        made += masked(text.substr(0, start));
        std::size_t const next = std::min(end + 2, text.size());
        made += text.substr(start, next - start);
        text.remove_prefix(next);
    }
    return made;
}

/// How the service spells truth values is not documented, and they tell nothing about a person
/// without the rest of the row.
bool is_boolean(std::string_view text) {
    static constexpr auto words = std::to_array<std::string_view>({"true", "false", "yes", "no"});
    return contains(words, text);
}

void mask(boost::json::value& value, std::string_view member, bool in_row) {
    if (auto* const object = value.if_object()) {
        for (auto& each : *object) {
            bool const row = in_row || each.key() == "fieldValues" || each.key() == "user" ||
                             each.key() == "site";
            mask(each.value(), each.key(), row);
        }
    } else if (auto* const array = value.if_array()) {
        for (auto& each : *array)
            mask(each, member, in_row);
    } else if (auto* const text = value.if_string()) {
        bool const words = member == "message" || member == "constraint" || member == "error";
        if (in_row && is_boolean(*text))
            return;
        if (in_row)
            *text = masked(*text);
        else if (words)
            *text = masked_message(*text);
        else if (!is_plain_member(member))
            *text = masked_outside_of_statements(*text);
    } else if (in_row && value.is_number()) {
        value = 9;
    }
}

std::string masked_fields(bulk::header_fields const& fields) {
    static constexpr auto plain = std::to_array<std::string_view>({"Content-Type",
                                                                   "Content-Length",
                                                                   "Content-Encoding",
                                                                   "Transfer-Encoding",
                                                                   "Date",
                                                                   "Retry-After",
                                                                   "Server",
                                                                   "Cache-Control",
                                                                   "Connection",
                                                                   "Keep-Alive",
                                                                   "Vary",
                                                                   "Expires",
                                                                   "Pragma",
                                                                   "Accept",
                                                                   "Accept-Encoding",
                                                                   "User-Agent",
                                                                   "Strict-Transport-Security",
                                                                   "X-Frame-Options",
                                                                   "X-Content-Type-Options",
                                                                   "Content-Disposition"});
    boost::json::object all;
    for (auto const& [name, value] : fields)
        all[printable(name)] = contains(plain, name) ? printable(value) : "not recorded";
    return boost::json::serialize(all);
}

/// The content of a gzip body as far as it can be read.
std::string inflated(std::string const& body) {
    z_stream z{};
    if (::inflateInit2(&z, 15 + 32) != Z_OK)
        return {};
    std::string text(most_recorded, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
    z.avail_in = static_cast<uInt>(body.size());
    z.next_out = reinterpret_cast<Bytef*>(text.data());
    z.avail_out = static_cast<uInt>(text.size());
    (void)::inflate(&z, Z_SYNC_FLUSH);
    text.resize(text.size() - z.avail_out);
    ::inflateEnd(&z);
    return text;
}

/// "contacts-fields" for "/API/Bulk/2.0/contacts/fields?limit=1".
std::string name_of(std::string_view target) {
    target = target.substr(0, target.find('?'));
    std::size_t const version = target.find("/2.0/");
    if (version != target.npos)
        target.remove_prefix(version + 5);
    std::string name;
    for (char const c : target)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    name.erase(0, name.find_first_not_of('-'));
    return name.substr(0, 80);
}

/// A channel that remembers its exchange.
class recorded_channel {
public:
    recorded_channel(bulk::any_channel channel, std::shared_ptr<recording> into)
        : channel_(std::move(channel)), into_(std::move(into)) {}
    recorded_channel(recorded_channel&&) noexcept = default;
    recorded_channel& operator=(recorded_channel&&) noexcept = default;
    ~recorded_channel() {
        try {
            end(false);
        } catch (std::exception const&) {
            // The next exchange reports that the folder cannot be written.
        }
    }

    void send(bulk::request const& q, std::stop_token stop, bulk::error_code& ec) {
        end(false);
        now_ = std::make_unique<exchange>();
        now_->method = q.method;
        now_->target = q.target;
        now_->asked = q.fields;
        now_->sent = std::string(q.body.substr(0, most_recorded));
        channel_.send(q, std::move(stop), ec);
    }
    void read_head(bulk::head& h, std::stop_token stop, bulk::error_code& ec) {
        channel_.read_head(h, std::move(stop), ec);
        if (!ec && now_)
            now_->head = h;
    }
    std::size_t read_some(std::span<char> into, std::stop_token stop, bulk::error_code& ec) {
        std::size_t const n = channel_.read_some(into, std::move(stop), ec);
        if (now_ && now_->received.size() < most_recorded)
            now_->received.append(into.data(), n);
        if (n == 0)
            end(!ec);
        return n;
    }
    bool stale() { return channel_.stale(); }
    bool unsent() { return channel_.unsent(); }
    void drop() {
        end(false);
        channel_.drop();
    }

private:
    void end(bool complete) {
        if (!now_)
            return;
        now_->complete = complete;
        std::unique_ptr<exchange> const done = std::move(now_); // a moved-from channel has none
        into_->add(*done);
    }

    bulk::any_channel channel_;
    std::shared_ptr<recording> into_;
    std::unique_ptr<exchange> now_;
};

class recorded_transport {
public:
    recorded_transport(bulk::any_transport network, std::shared_ptr<recording> into)
        : network_(std::move(network)), into_(std::move(into)) {}
    recorded_channel acquire() { return {network_.acquire(), into_}; }

private:
    bulk::any_transport network_;
    std::shared_ptr<recording> into_;
};

} // namespace

std::string masked(std::string_view text) {
    std::string made;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80)
            continue; // part of a character that was masked
        made += byte >= 0x80 || std::isalpha(byte) ? 'x' : std::isdigit(byte) ? '9' : c;
    }
    return made;
}

std::string masked_document(std::string_view body, bool has_rows) {
    if (body.empty())
        return "null";
    boost::system::error_code wrong;
    boost::json::value document = boost::json::parse(body, wrong);
    if (wrong)
        return boost::json::serialize(boost::json::value(masked(body)));
    if (has_rows && document.is_object()) {
        for (auto& each : document.get_object())
            mask(each.value(), each.key(), each.key() == "items");
    } else {
        mask(document, "", has_rows);
    }
    return boost::json::serialize(document);
}

recording::recording(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::error_code wrong;
    std::filesystem::create_directories(folder_, wrong);
    bool const empty = !wrong && std::filesystem::is_empty(folder_, wrong);
    if (wrong || !empty)
        throw ending(exit_code::refused,
                     "the folder " + printable(folder_.string()) +
                         (wrong ? " cannot be used: " + wrong.message() : " is not empty"));
}

void recording::add(exchange const& done) {
    std::lock_guard const one(mutex_);
    bool const has_rows = done.target.substr(0, done.target.find('?')).ends_with("/data") &&
                          done.target.find("/exports/data") == std::string::npos &&
                          done.target.find("/imports/data") == std::string::npos;
    // Requests for tokens and their responses are secrets as a whole.
    bool const secret = done.target.find("/oauth2/") != std::string::npos;
    auto const coding = done.head.fields.find("Content-Encoding");
    std::string const body = coding && *coding == "gzip" ? inflated(done.received) : done.received;
    char number[16];
    (void)std::snprintf(number, sizeof number, "%04zu", ++count_);
    std::string const method(to_string(done.method));
    std::filesystem::path const path =
        folder_ / (std::string(number) + '-' + method + '-' + name_of(done.target) + ".json");
    boost::json::object line;
    line["method"] = method;
    line["target"] = printable(done.target);
    line["status"] = done.head.status;
    line["complete"] = done.complete;
    std::string text = boost::json::serialize(line);
    text.pop_back();
    text += ",\n\"request_headers\":" + masked_fields(done.asked) +
            ",\n\"request_body\":" + (secret ? "null" : masked_document(done.sent, has_rows)) +
            ",\n\"response_headers\":" + masked_fields(done.head.fields) +
            ",\n\"response_body\":" + (secret ? "null" : masked_document(body, has_rows)) + "}\n";
    std::ofstream out(path, std::ios::binary);
    if (!(out << text).flush())
        throw ending(exit_code::refused, printable(path.string()) + " cannot be written");
}

std::size_t recording::count() const {
    std::lock_guard const one(mutex_);
    return count_;
}

bulk::any_transport recorded(bulk::any_transport network, std::shared_ptr<recording> into) {
    return recorded_transport(std::move(network), std::move(into));
}

} // namespace cli
