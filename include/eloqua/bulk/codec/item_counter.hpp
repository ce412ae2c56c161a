// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eloqua::bulk::detail {

/// Counts the items of a page of a list while its text arrives, in pieces of any size. What is not
/// JSON is counted somehow.
class item_counter {
public:
    void add(std::string_view piece) {
        for (char const c : piece) {
            if (in_text_)
                add_to_text(c);
            else if (c == '"')
                begin_text();
            else if (c == '{' || c == '[')
                open(c);
            else if (c == '}' || c == ']')
                close();
            else if (c == ',' && in_items_ && depth_ == 2)
                ++commas_;
        }
    }
    /// How many have begun, at least; a list of one counts as none.
    std::int64_t count() const { return commas_ == 0 ? 0 : commas_ + 1; }

private:
    static constexpr std::string_view key = "items";

    void begin_text() {
        in_text_ = true;
        size_ = 0;
        is_key_ = depth_ == 1;
    }
    void add_to_text(char c) {
        if (escaped_) {
            escaped_ = is_key_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_text_ = false;
            is_key_ = is_key_ && size_ == key.size();
        } else if (is_key_) {
            is_key_ = size_ != key.size() && key[size_] == c;
            ++size_;
        }
    }
    void open(char c) {
        in_items_ = in_items_ || (c == '[' && depth_ == 1 && is_key_);
        ++depth_;
    }
    void close() {
        --depth_;
        in_items_ = in_items_ && depth_ > 1;
    }

    std::int64_t depth_ = 0;
    std::int64_t commas_ = 0; ///< between items
    std::size_t size_ = 0;    ///< of the text under way, while it may be the key
    bool in_text_ = false;
    bool escaped_ = false;
    bool is_key_ = false; ///< the text that came last
    bool in_items_ = false;
};

} // namespace eloqua::bulk::detail
