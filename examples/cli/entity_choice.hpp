// SPDX-License-Identifier: BSL-1.0
// Entities by name: "contacts", "activities" with a type, "customObjects" with an id.
#pragma once

#include <eloqua/bulk/entity.hpp>

#include <string>
#include <utility>
#include <variant>

namespace bulk = eloqua::bulk;

namespace cli {

/// The entities that have fields.
using any_entity =
    std::variant<bulk::contacts_t, bulk::accounts_t, bulk::activities_t, bulk::custom_object,
                 bulk::event, bulk::campaign_responses_t, bulk::opportunities_t>;

/// The words by which a user names an entity.
struct entity_arguments {
    std::string name;  ///< "customObjects"
    std::string which; ///< "501", or the type of activities
    std::string type;  ///< of activities, as an option
};

/// "contacts", "customObjects 501".
std::string text_of(entity_arguments const& words);

/// Throws `bad_usage` for an unknown entity, a missing id or an unknown type.
any_entity entity_of(entity_arguments const& words);

/// The start of the entity's statements: "Contact".
std::string root_of(any_entity const& of);

/// Calls `f` with the entity, if its rows can be exported. Throws `bad_usage` otherwise.
template <class F>
auto visit_exportable(any_entity const& of, F f);
/// As above, for imports.
template <class F>
auto visit_importable(any_entity const& of, F f);

[[noreturn]] void refuse_exports_of_entity();
[[noreturn]] void refuse_imports_of_entity();

template <class F>
auto visit_exportable(any_entity const& of, F f) {
    using result = decltype(f(bulk::contacts));
    return std::visit(
        [&](auto const& each) -> result {
            if constexpr (bulk::exportable<std::remove_cvref_t<decltype(each)>>)
                return f(each);
            else
                refuse_exports_of_entity();
        },
        of);
}
template <class F>
auto visit_importable(any_entity const& of, F f) {
    using result = decltype(f(bulk::contacts));
    return std::visit(
        [&](auto const& each) -> result {
            if constexpr (bulk::importable<std::remove_cvref_t<decltype(each)>>)
                return f(each);
            else
                refuse_imports_of_entity();
        },
        of);
}

} // namespace cli
