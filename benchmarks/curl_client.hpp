// SPDX-License-Identifier: BSL-1.0
// libcurl's easy interface on one kept-alive connection, with a buffer of 256 KiB.
#pragma once

#include <cstddef>
#include <curl/curl.h>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace loopback {

class curl_client {
public:
    /// `authority`: PEM of a certificate authority to trust; empty for none.
    explicit curl_client(std::string authority)
        : authority_(std::move(authority)), easy_(curl_easy_init(), &curl_easy_cleanup),
          json_(curl_slist_append(nullptr, "Content-Type: application/json"),
                &curl_slist_free_all) {
        set(CURLOPT_BUFFERSIZE, 256L * 1024);
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_FAILONERROR, 1L);
        curl_write_callback const write = [](char* data, std::size_t, std::size_t n, void* self) {
            static_cast<curl_client*>(self)->sink_({data, n});
            return n;
        };
        set(CURLOPT_WRITEFUNCTION, write);
        set(CURLOPT_WRITEDATA, static_cast<void*>(this));
        if (!authority_.empty()) {
            curl_blob blob{authority_.data(), authority_.size(), CURL_BLOB_NOCOPY};
            set(CURLOPT_CAINFO_BLOB, &blob);
        }
    }
    curl_client(curl_client const&) = delete;

    void get(std::string const& url, std::function<void(std::string_view)> sink) {
        set(CURLOPT_HTTPGET, 1L);
        set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
        perform(url, std::move(sink));
    }
    void post(std::string const& url, std::string_view body) {
        set(CURLOPT_HTTPHEADER, json_.get());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(CURLOPT_POSTFIELDS, body.data());
        perform(url, [](std::string_view) {});
    }

private:
    void perform(std::string const& url, std::function<void(std::string_view)> sink) {
        sink_ = std::move(sink);
        set(CURLOPT_URL, url.c_str());
        check(curl_easy_perform(easy_.get()));
    }
    template <class T>
    void set(CURLoption option, T value) {
        check(curl_easy_setopt(easy_.get(), option, value));
    }
    static void check(CURLcode code) {
        if (code != CURLE_OK)
            throw std::runtime_error(curl_easy_strerror(code));
    }

    std::string authority_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> json_;
    std::function<void(std::string_view)> sink_;
};

} // namespace loopback
