// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the API's documents have in common. Documents are described structs with members spelled
/// as on the wire; what the service may leave out is `optional`.
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

/// Times of resources: UTC, ISO 8601 with seven fractional digits on the wire.
using timestamp =
    std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// Name and text in order: a JSON object whose keys the caller chooses.
using string_map = std::vector<std::pair<std::string, std::string>>;

/// What the service adds to a resource.
struct audit {
    std::optional<std::string> uri; ///< "/contacts/exports/1481"; `id_of` gives its number
    std::optional<std::string> createdBy;
    std::optional<timestamp> createdAt;
    std::optional<std::string> updatedBy;
    std::optional<timestamp> updatedAt;
};
BOOST_DESCRIBE_STRUCT(audit, (), (uri, createdBy, createdAt, updatedBy, updatedAt))

/// A definition as the service keeps it: what a caller set, and what only the service sets. An
/// answer may lack any of it: the service's two descriptions differ in what they answer.
template <class Definition>
struct stored : Definition, audit {
    static constexpr bool answered_in_part = true;
    std::optional<std::int64_t> kbUsed; ///< staging space, in kB
    // One of the service's two descriptions has these.
    std::optional<std::string> syncedInstanceUri;
    std::optional<std::string> status;
    BOOST_DESCRIBE_CLASS(stored, (Definition, audit), (kbUsed, syncedInstanceUri, status), (), ())
};

/// One page of a list. `items` may be missing on the wire; `count` is not to be trusted.
template <class T>
struct page {
    std::vector<T> items;
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count;
    bool hasMore = false;
    BOOST_DESCRIBE_CLASS(page, (), (items, totalResults, limit, offset, count, hasMore), (), ())
};

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
            if (detail::iequals(text_, each.name))
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
