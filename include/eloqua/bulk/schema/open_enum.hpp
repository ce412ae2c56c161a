// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/schema/ascii.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// A value of the described enumeration `E`, or a text the service may have added since. Compares
/// with enumerators; any other text equals no enumerator.
template <class E>
class open_enum {
public:
    open_enum() : open_enum(E{}) {}
    open_enum(E value) : known_(value), text_(boost::describe::enum_to_string(value, "")) {}
    /// From the text as on the wire, which is kept as it is. Letter case does not matter.
    explicit open_enum(std::string text) : text_(std::move(text)) {
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([this](auto each) {
            if (iequals(text_, each.name))
                known_ = each.value;
        });
    }

    std::optional<E> known() const { return known_; }
    std::string const& text() const { return text_; }
    friend bool operator==(open_enum const& a, open_enum const& b) {
        return a.known_ == b.known_ && (a.known_ || a.text_ == b.text_);
    }
    friend bool operator==(open_enum const& a, E b) { return a.known_ == b; }

private:
    std::optional<E> known_;
    std::string text_;
};

} // namespace eloqua::bulk
