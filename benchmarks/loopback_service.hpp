// SPDX-License-Identifier: BSL-1.0
// A service with prepared responses that costs next to nothing, so that its clients can be
// compared. It has one export and one import, with the rows that the measurement requests.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/describe.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loopback {

namespace bulk = eloqua::bulk;

/// Twelve fields that are common in exports of contacts.
struct contact {
    std::string email, first_name, last_name, company, phone, city, country, state, zip, title,
        created, modified;
};
BOOST_DESCRIBE_STRUCT(contact, (),
                      (email, first_name, last_name, company, phone, city, country, state, zip,
                       title, created, modified))

/// Returns the same row for the same number.
inline std::vector<contact> contacts(std::int64_t first, std::int64_t count) {
    std::vector<contact> out;
    for (std::int64_t i = first; i != first + count; ++i) {
        std::mt19937_64 random(static_cast<std::uint64_t>(i));
        auto word = [&](unsigned least, unsigned most) {
            std::string text(least + random() % (most - least + 1), ' ');
            for (char& c : text)
                c = static_cast<char>('a' + random() % 26);
            return text;
        };
        out.push_back({word(4, 9) + std::to_string(i) + "@" + word(6, 12) + ".example.com",
                       word(3, 8), word(4, 11), word(8, 24),
                       "+32 2 " + std::to_string(random() % 10'000'000), word(5, 12), word(2, 2),
                       random() % 3 ? "" : word(4, 9), std::to_string(1'000 + random() % 9'000),
                       word(10, 22), "2024-05-17 09:30:00.0", "2025-02-03 16:45:12.0"});
    }
    return out;
}

/// The parameters of a transfer.
struct extent {
    std::int64_t pages = 1;
    std::int64_t page_rows = 1;
    std::int64_t imported = 0; ///< number of imported rows in the log
    std::int64_t rows() const { return pages * page_rows; }
};

/// Answers the requests of an export and of an import.
class service {
public:
    explicit service(extent e) : extent_(e) {
        // All pages have the rows of the first, with different envelopes.
        std::string const rows =
            boost::json::serialize(boost::json::value_from(contacts(0, extent_.page_rows)));
        for (std::int64_t i = 0; i != extent_.pages; ++i)
            pages_.push_back("{\"totalResults\":" + std::to_string(extent_.rows()) +
                             ",\"limit\":" + std::to_string(extent_.page_rows) +
                             ",\"offset\":" + std::to_string(i * extent_.page_rows) +
                             ",\"count\":" + std::to_string(extent_.page_rows) +
                             (i + 1 == extent_.pages ? ",\"hasMore\":false" : ",\"hasMore\":true") +
                             ",\"items\":" + rows + '}');
    }

    bulk::response operator()(bulk::request const& q) const {
        std::string_view const path = std::string_view(q.target).substr(0, q.target.find('?'));
        if (path.ends_with("/syncs/1/data"))
            return bulk::response(200, pages_.at(page_of(q)));
        if (path.ends_with("/logs"))
            return bulk::response(
                200,
                R"({"items":[{"statusCode":"ELQ-00102","count":)" + std::to_string(extent_.rows()) +
                    R"(},{"statusCode":"ELQ-00001","count":)" + std::to_string(extent_.imported) +
                    R"(},{"statusCode":"ELQ-00004","count":)" + std::to_string(extent_.imported) +
                    R"(}],"hasMore":false})");
        if (path.ends_with("/rejects"))
            return bulk::response(200, R"({"items":[],"hasMore":false})");
        if (path.ends_with("/syncs"))
            return bulk::response(201, R"({"syncedInstanceUri":"/contacts/)" +
                                           std::string(is_of_import(q) ? "imports" : "exports") +
                                           R"(/1","status":"success","uri":"/syncs/1"})");
        if (path.ends_with("/exports") || path.ends_with("/imports"))
            return bulk::response(201, R"({"name":"n","fields":{},"uri":"/contacts)" +
                                           std::string(path.substr(path.rfind('/'))) + R"(/1"})");
        return bulk::response(204);
    }

    static bool is_page(bulk::request const& q) { return q.target.find("/data?") != q.target.npos; }

private:
    static bool is_of_import(bulk::request const& q) {
        return q.body.find("/contacts/imports/") != q.body.npos;
    }
    std::size_t page_of(bulk::request const& q) const {
        static constexpr std::string_view name = "offset=";
        std::size_t const at = q.target.find(name);
        std::int64_t offset = 0;
        if (at != q.target.npos)
            std::from_chars(q.target.data() + at + name.size(), q.target.data() + q.target.size(),
                            offset);
        return static_cast<std::size_t>(offset / extent_.page_rows);
    }

    extent extent_;
    std::vector<std::string> pages_;
};

/// The service on a local port.
class server {
public:
    server(extent e, bool tls, std::chrono::milliseconds page_delay = {})
        : certificates_(tls ? bulk::self_signed_ca() : bulk::local_certificates()),
          listener_(service(e), options(page_delay)) {}

    std::string base() const { return listener_.where().text() + "/API/Bulk/2.0"; }
    /// PEM; empty without TLS.
    std::string const& authority() const { return certificates_.ca; }

private:
    bulk::listener_options options(std::chrono::milliseconds page_delay) const {
        bulk::listener_options o;
        o.certificate_pem = certificates_.certificate;
        o.key_pem = certificates_.key;
        if (page_delay.count() != 0)
            o.delay = [page_delay](bulk::request const& q) {
                return service::is_page(q) ? page_delay : std::chrono::milliseconds(0);
            };
        return o;
    }

    bulk::local_certificates certificates_;
    bulk::listener listener_;
};

} // namespace loopback
