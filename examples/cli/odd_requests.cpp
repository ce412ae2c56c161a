// SPDX-License-Identifier: BSL-1.0
#include "odd_requests.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <stop_token>
#include <utility>

namespace cli {

namespace {

constexpr char const* usual_path = "/contacts/fields";

class asking_channel {
public:
    asking_channel(bulk::any_channel channel, std::shared_ptr<sent_instead const> what)
        : channel_(std::move(channel)), what_(std::move(what)) {}

    void send(bulk::request const& q, std::stop_token stop, bulk::error_code& ec) {
        std::size_t const path = q.target.find(usual_path);
        if (what_->target.empty() || q.method != bulk::verb::get || path == q.target.npos)
            return channel_.send(q, std::move(stop), ec);
        bulk::request other = q;
        other.target = q.target.substr(0, path) + what_->target;
        channel_.send(other, std::move(stop), ec);
    }
    void read_head(bulk::head& h, std::stop_token stop, bulk::error_code& ec) {
        channel_.read_head(h, std::move(stop), ec);
    }
    std::size_t read_some(std::span<char> into, std::stop_token stop, bulk::error_code& ec) {
        return channel_.read_some(into, std::move(stop), ec);
    }
    bool stale() { return channel_.stale(); }
    bool unsent() { return channel_.unsent(); }
    void drop() { channel_.drop(); }

private:
    bulk::any_channel channel_;
    std::shared_ptr<sent_instead const> what_;
};

class asking_transport {
public:
    asking_transport(bulk::any_transport network, std::shared_ptr<sent_instead const> what)
        : network_(std::move(network)), what_(std::move(what)) {}
    asking_channel acquire() { return {network_.acquire(), what_}; }

private:
    bulk::any_transport network_;
    std::shared_ptr<sent_instead const> what_;
};

} // namespace

std::span<odd_request const> odd_requests() {
    static constexpr auto all = std::to_array<odd_request>({
        {"limit 0", "/contacts/fields?limit=0"},
        {"limit above the maximum", "/contacts/fields?limit=1001"},
        {"limit far above the maximum", "/contacts/fields?limit=1000000"},
        {"limit below 0", "/contacts/fields?limit=-1"},
        {"limit that is not a number", "/contacts/fields?limit=ten"},
        {"offset beyond the end", "/contacts/fields?limit=10&offset=1000000"},
        {"offset below 0", "/contacts/fields?limit=10&offset=-1"},
        {"without the total", "/contacts/fields?limit=10&totalResults=false"},
        {"q in quotation marks", "/contacts/fields?limit=10&q=%22name%3D*a*%22"},
        {"q without them", "/contacts/fields?limit=10&q=name%3D*a*"},
        {"q in capitals", "/contacts/fields?limit=10&q=name%3D*A*"},
        {"q with a space in the value", "/contacts/fields?limit=10&q=name%3DEmail%20Address"},
        {"q with spaces at the operator", "/contacts/fields?limit=10&q=name%20%3D%20*a*"},
        {"q with !=", "/contacts/fields?limit=10&q=name%21%3Da"},
        {"q with >=", "/contacts/fields?limit=10&q=createdAt%3E%3D2000-01-01"},
        {"q with two conditions", "/contacts/fields?limit=10&q=name%3D*a*%20AND%20name%3D*b*"},
        {"q twice", "/contacts/fields?limit=10&q=name%3D*a*&q=name%3D*b*"},
        {"q of an unknown term", "/contacts/fields?limit=10&q=planet%3DMars"},
        {"q without an operator", "/contacts/fields?limit=10&q=name"},
        {"empty q", "/contacts/fields?limit=10&q="},
        {"order by an unknown term", "/contacts/fields?limit=10&orderBy=planet%20ASC"},
        {"order without a direction", "/contacts/fields?limit=10&orderBy=name"},
        {"unknown parameter", "/contacts/fields?limit=10&planet=Mars"},
        {"path in small letters", "/customobjects?limit=1"},
        {"path with a slash at the end", "/contacts/fields/?limit=1"},
        {"id that does not exist", "/contacts/fields/999999999"},
        {"id that is not a number", "/contacts/fields/x"},
        {"log of a sync that does not exist", "/syncs/999999999/logs"},
    });
    return all;
}

bulk::any_transport asking_instead(bulk::any_transport network,
                                   std::shared_ptr<sent_instead const> what) {
    return asking_transport(std::move(network), std::move(what));
}

} // namespace cli
