// SPDX-License-Identifier: BSL-1.0
/// \file
/// The common parts of the API's documents. Documents are described structs whose members are
/// spelled as in the API; members that the service may omit are `optional`.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

template <class T>
inline constexpr bool is_optional_value = false;
template <class T>
inline constexpr bool is_optional_value<std::optional<T>> = true;

} // namespace detail

/// Times of resources. In the API: UTC, ISO 8601 with seven fractional digits.
using timestamp =
    std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// Names and texts in order: a JSON object whose keys the caller chooses.
using string_map = std::vector<std::pair<std::string, std::string>>;

/// Members that the service adds to a resource.
struct audit {
    std::optional<std::string> uri;       ///< "/contacts/exports/1481"; `id_of` returns its number
    std::optional<std::string> createdBy; ///< login name of a user
    std::optional<timestamp> createdAt;   ///< time of the creation
    std::optional<std::string> updatedBy; ///< login name of a user
    std::optional<timestamp> updatedAt;   ///< time of the last change
};
BOOST_DESCRIBE_STRUCT(audit, (), (uri, createdBy, createdAt, updatedBy, updatedAt))

/// A definition as stored by the service: the caller's properties and the service's own. A
/// response may omit any of them, as the service's two descriptions differ.
template <class Definition>
struct stored : Definition, audit {
    static constexpr bool answered_in_part = true; ///< whether a response may omit any member
    std::optional<std::int64_t> kbUsed;            ///< storage used, in kB
    // In only one of the service's two descriptions.
    std::optional<std::string> syncedInstanceUri; ///< uri of what a sync of it reads or writes
    std::optional<std::string> status;            ///< as the service spells it
    BOOST_DESCRIBE_CLASS(stored, (Definition, audit), (kbUsed, syncedInstanceUri, status), (), ())
};

/// One page of a list. A response may omit `items`; `count` is not reliable.
template <class T>
struct page {
    std::vector<T> items;                     ///< the items of this page
    std::optional<std::int64_t> totalResults; ///< number of items in the whole list
    std::optional<std::int64_t> limit;        ///< maximum number of items in a page
    std::optional<std::int64_t> offset;       ///< index of the first item in the whole list
    std::optional<std::int64_t> count;        ///< number of items in this page
    bool hasMore = false;                     ///< whether there are items after this page
    BOOST_DESCRIBE_CLASS(page, (), (items, totalResults, limit, offset, count, hasMore), (), ())
};

/// A value of the described enumeration `E`, or text that the service may have added since.
/// Compares with enumerators; any other text equals none.
template <class E>
class open_enum {
public:
    open_enum() : open_enum(E{}) {}
    /// A known value, with its name as text.
    open_enum(E value) : known_(value), text_(boost::describe::enum_to_string(value, "")) {}
    /// From the text of the API, which is kept unchanged. Letter case is ignored.
    explicit open_enum(std::string text) : text_(std::move(text)) {
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([this](auto each) {
            if (detail::iequals(text_, each.name))
                known_ = each.value;
        });
    }

    /// The known value; empty for any other text.
    std::optional<E> known() const { return known_; }
    /// The text as the service spells it; for a known value set by the caller, its name.
    std::string const& text() const { return text_; }
    /// @{
    /// Known values compare equal whatever their text, other values if their texts are equal.
    friend bool operator==(open_enum const& a, open_enum const& b) {
        return a.known_ == b.known_ && (a.known_ || a.text_ == b.text_);
    }
    friend bool operator==(open_enum const& a, E b) { return a.known_ == b; }
    /// @}

private:
    std::optional<E> known_;
    std::string text_;
};

} // namespace eloqua::bulk
