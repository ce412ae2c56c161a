// SPDX-License-Identifier: BSL-1.0
/// \file
/// Entities: what the service keeps rows of.
#pragma once

#include <eloqua/bulk/schema/path.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// What an entity tells of itself. Users may add types of their own:
///
/// - `base_path()`: path of its collection, "/contacts"; an error if its id cannot be one;
/// - `statement_root()`: how field statements begin, "Contact" or "CustomObject[23]";
/// - `has_exports`, `has_imports`, `has_fields`: what the service offers for it;
/// - `importable_attribute(name)`: whether `{{Root.name}}` may be written by an import.
template <class E>
concept entity = std::copyable<E> && requires(E const& e) {
    { e.base_path() } -> std::same_as<result<std::string>>;
    { e.statement_root() } -> std::convertible_to<std::string>;
    { E::has_exports } -> std::convertible_to<bool>;
    { E::has_imports } -> std::convertible_to<bool>;
    { E::has_fields } -> std::convertible_to<bool>;
    { E::importable_attribute(std::string_view()) } -> std::same_as<bool>;
};

/// Entities whose rows can be exported.
template <class E>
concept exportable = entity<E> && E::has_exports;
/// Entities whose rows can be imported.
template <class E>
concept importable = entity<E> && E::has_imports;
/// Entities whose fields can be listed.
template <class E>
concept has_field_list = entity<E> && E::has_fields;

struct contacts_t {
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    static result<std::string> base_path() { return path<"/contacts">::expand(); }
    static std::string statement_root() { return "Contact"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};

struct accounts_t {
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    static result<std::string> base_path() { return path<"/accounts">::expand(); }
    static std::string statement_root() { return "Account"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};

/// The records of one custom object.
struct custom_object {
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    bulk::id id;

    explicit constexpr custom_object(bulk::id i) : id(i) {}
    result<std::string> base_path() const { return path<"/customObjects/{parentId}">::expand(id); }
    std::string statement_root() const { return "CustomObject[" + std::to_string(id) + "]"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};

inline constexpr contacts_t contacts{};
inline constexpr accounts_t accounts{};

static_assert(entity<contacts_t> && entity<accounts_t> && entity<custom_object>);

} // namespace eloqua::bulk
