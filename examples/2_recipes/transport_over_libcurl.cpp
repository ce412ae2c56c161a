// SPDX-License-Identifier: BSL-1.0
// A transport over libcurl, for programs that must use its proxies, certificates or HTTP/2.
// Run: 2_recipes/transport_over_libcurl (a simulated Eloqua on a port of this machine)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/describe.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <curl/curl.h>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

class curl_category final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "curl"; }
    std::string message(int code) const override {
        return ::curl_easy_strerror(static_cast<CURLcode>(code));
    }
};

bulk::error_code error_of(CURLcode code) {
    static curl_category const category;
    return {static_cast<int>(code), category};
}

template <auto Function>
struct freed_by {
    template <class T>
    void operator()(T* object) const {
        Function(object);
    }
};
using curl_easy = std::unique_ptr<CURL, freed_by<::curl_easy_cleanup>>;
using curl_multi = std::unique_ptr<CURLM, freed_by<::curl_multi_cleanup>>;
using curl_fields = std::unique_ptr<::curl_slist, freed_by<::curl_slist_free_all>>;

/// One request and its response. It stays where it is, since libcurl has its address.
class curl_transfer {
    static constexpr std::size_t most_unread = 256 * 1024;
    static constexpr std::chrono::minutes longest_silence{2};

public:
    curl_transfer(std::shared_ptr<curl_multi> multi, bulk::request const& q)
        : multi_(std::move(multi)), easy_(::curl_easy_init()), sent_(q.body.size()) {
        if (!easy_)
            throw std::bad_alloc();
        for (auto const& [name, value] : q.fields)
            add_field(name + ": " + value);
        add_field("Expect:"); // do not wait for a permission to send the body
        set(CURLOPT_HTTPHEADER, fields_.get());
        set(CURLOPT_URL, (q.to.text() + q.target).c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT, 10L);
        set(CURLOPT_CUSTOMREQUEST, std::string(to_string(q.method)).c_str());
        if (q.method == bulk::verb::post || !q.body.empty()) {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<::curl_off_t>(q.body.size()));
            set(CURLOPT_COPYPOSTFIELDS, q.body.data() ? q.body.data() : "");
        }
        // libcurl repeats a request by itself if a reused connection turns out to be closed. The
        // service might carry out a POST twice.
        set(CURLOPT_FRESH_CONNECT, q.method == bulk::verb::post ? 1L : 0L);
        set(CURLOPT_PRIVATE, this);
        set(CURLOPT_HEADERDATA, this);
        set(CURLOPT_HEADERFUNCTION, &curl_transfer::on_line);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_WRITEFUNCTION, &curl_transfer::on_body);
        ::curl_multi_add_handle(multi_->get(), easy_.get());
    }
    curl_transfer(curl_transfer const&) = delete;
    ~curl_transfer() { ::curl_multi_remove_handle(multi_->get(), easy_.get()); }

    void wait_until_sent(std::stop_token const& stop, bulk::error_code& ec) {
        wait_until([this] { return has_head_ || is_sent(); }, stop, ec);
    }
    void read_head(bulk::head& h, std::stop_token const& stop, bulk::error_code& ec) {
        wait_until([this] { return has_head_; }, stop, ec);
        if (ec)
            return;
        h = head_;
        if (auto const length = number(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T); length >= 0)
            h.content_length = static_cast<std::uint64_t>(length);
    }
    std::size_t read_some(std::span<char> into, std::stop_token const& stop, bulk::error_code& ec) {
        if (unread().empty() && is_paused_) {
            is_paused_ = false;
            ::curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
        }
        wait_until([this] { return !unread().empty(); }, stop, ec);
        std::size_t const n = unread().copy(into.data(), into.size());
        read_ += n;
        if (unread().empty()) {
            body_.clear();
            read_ = 0;
        }
        return n;
    }
    bool any_byte_sent() const {
        long bytes = 0;
        ::curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
        return bytes != 0;
    }

private:
    template <class T>
    void set(CURLoption option, T value) {
        if (CURLcode const code = ::curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
            throw boost::system::system_error(error_of(code));
    }
    void add_field(std::string const& line) {
        ::curl_slist* const longer = ::curl_slist_append(fields_.get(), line.c_str());
        if (!longer)
            throw std::bad_alloc();
        (void)fields_.release();
        fields_.reset(longer);
    }
    ::curl_off_t number(CURLINFO what) const {
        ::curl_off_t value = -1;
        ::curl_easy_getinfo(easy_.get(), what, &value);
        return value;
    }
    bool is_sent() const {
        return any_byte_sent() &&
               number(CURLINFO_SIZE_UPLOAD_T) >= static_cast<::curl_off_t>(sent_);
    }
    std::string_view unread() const { return std::string_view(body_).substr(read_); }

    /// Lets libcurl work on all transfers until this one is there, or has ended.
    template <class Condition>
    void wait_until(Condition there, std::stop_token const& stop, bulk::error_code& ec) {
        auto const end = bulk::clock::now() + longest_silence;
        while (!there() && !ended_) {
            if (stop.stop_requested() || bulk::clock::now() > end) {
                ec = make_error_code(stop.stop_requested() ? boost::system::errc::operation_canceled
                                                           : boost::system::errc::timed_out);
                return;
            }
            int left = 0;
            ::curl_multi_perform(multi_->get(), &left);
            while (::CURLMsg const* const message = ::curl_multi_info_read(multi_->get(), &left)) {
                curl_transfer* which = nullptr;
                ::curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &which);
                which->ended_ = true;
                which->outcome_ = message->data.result;
            }
            if (!there() && !ended_)
                ::curl_multi_poll(multi_->get(), nullptr, 0, 100, nullptr);
        }
        if (!there() && outcome_ != CURLE_OK)
            ec = error_of(outcome_);
    }

    static std::size_t on_line(char const* text, std::size_t, std::size_t size, void* self) {
        auto& me = *static_cast<curl_transfer*>(self);
        std::string_view line(text, size);
        while (line.ends_with('\n') || line.ends_with('\r'))
            line.remove_suffix(1);
        if (me.has_head_) // a field after the body
            return size;
        if (line.starts_with("HTTP/")) {
            long status = 0;
            ::curl_easy_getinfo(me.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
            me.head_ = bulk::head();
            me.head_.status = static_cast<int>(status);
        } else if (line.empty()) {
            me.has_head_ = me.head_.status >= 200;
        } else if (std::size_t const colon = line.find(':'); colon != line.npos) {
            std::string_view value = line.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            me.head_.fields.add(line.substr(0, colon), std::string(value));
        }
        return size;
    }
    static std::size_t on_body(char const* text, std::size_t, std::size_t size, void* self) {
        auto& me = *static_cast<curl_transfer*>(self);
        if (me.unread().size() >= most_unread) {
            me.is_paused_ = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        me.body_.append(text, size);
        return size;
    }

    std::shared_ptr<curl_multi> multi_;
    curl_fields fields_;
    curl_easy easy_;
    std::size_t sent_;
    bulk::head head_;
    std::string body_;
    std::size_t read_ = 0; ///< bytes of `body_` that the client has
    bool has_head_ = false, is_paused_ = false, ended_ = false;
    CURLcode outcome_ = CURLE_OK;
};

/// Its connections are kept and shared. One thread at a time may use it and its channels.
class curl_transport {
public:
    class channel {
    public:
        explicit channel(std::shared_ptr<curl_multi> multi) : multi_(std::move(multi)) {}

        void send(bulk::request const& q, std::stop_token stop, bulk::error_code& ec) {
            transfer_.reset(); // its connection is free for the next one
            transfer_ = std::make_unique<curl_transfer>(multi_, q);
            transfer_->wait_until_sent(stop, ec);
        }
        void read_head(bulk::head& h, std::stop_token stop, bulk::error_code& ec) {
            transfer_->read_head(h, stop, ec);
        }
        std::size_t read_some(std::span<char> b, std::stop_token stop, bulk::error_code& ec) {
            return transfer_->read_some(b, stop, ec);
        }
        bool stale() const { return false; } // libcurl takes care of that
        bool unsent() const { return transfer_ && !transfer_->any_byte_sent(); }
        void drop() { transfer_.reset(); }

    private:
        std::shared_ptr<curl_multi> multi_;
        std::unique_ptr<curl_transfer> transfer_;
    };

    curl_transport() {
        static CURLcode const ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
        multi_ = std::make_shared<curl_multi>(ready == CURLE_OK ? ::curl_multi_init() : nullptr);
        if (!*multi_)
            throw std::bad_alloc();
    }
    channel acquire() { return channel(multi_); }

private:
    std::shared_ptr<curl_multi> multi_;
};
static_assert(bulk::blocking_transport<curl_transport>);

struct person {
    std::string email;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

int main() {
    try {
        bulk::simulator_options simulated;
        simulated.simulated_clock = false;
        simulated.sync_pending = simulated.sync_active = std::chrono::milliseconds(10);
        bulk::simulator eloqua(simulated);
        eloqua.generate_contacts(120'000);
        bulk::fault_plan faults;
        faults.at("GET /syncs/{id}/data", 2, bulk::fault::cut(1'000'000));
        eloqua.inject(faults);
        bulk::listener const server([&](bulk::request const& q) { return eloqua.handle(q); });

        bulk::client_options options;
        options.login_url = server.where().text() + "/id";
        options.polling.first_delay = std::chrono::milliseconds(10);
        options.retry.first_delay = std::chrono::milliseconds(10);
        bulk::client const client{curl_transport(),
                                  bulk::basic_credentials{"Company", "user", "secret"}, options};
        std::vector<person> people;
        for (int i = 0; i != 50'000; ++i)
            people.push_back({"new" + std::to_string(i) + "@example.com"});
        auto const sent =
            client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people).value();
        auto received = client.export_rows<person>(bulk::contacts);
        std::int64_t const rows = received.for_each([](person const&) {}).value();
        std::cout << sent << '\n' << received.receipt() << '\n';
        return sent.created == 50'000 && rows == 170'000 && received.receipt().retries == 1 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
