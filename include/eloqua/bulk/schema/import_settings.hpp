// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an import of rows can be given besides its options, entity by entity.
#pragma once

#include <eloqua/bulk/schema/actions.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/entity.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// See `rejects_to`, which makes them; `Named`: of a function that has a name.
template <class F, bool Named = false>
struct reject_sink {
    F sink;
};

namespace detail {

template <class S>
inline constexpr bool is_reject_sink = false;
template <class F, bool Named>
inline constexpr bool is_reject_sink<reject_sink<F, Named>> = true;

template <class S>
constexpr bool is_definition_part =
    std::same_as<S, user_linkage> || std::same_as<S, data_card_mapping> ||
    std::same_as<S, app_service> || std::same_as<S, identifier_matching> ||
    std::same_as<S, opportunity_linkage>;

template <class S>
constexpr bool is_action = std::convertible_to<S, sync_action>;

/// Whether those of the settings that are sync actions go together.
template <class... Settings>
constexpr bool actions_go_together =
    go_together<std::conditional_t<is_action<Settings>, Settings, void>...>;

template <class E, class... Settings>
constexpr bool has_needed_setting = true;
template <class E, class... Settings>
    requires requires { typename E::needed_import_setting; }
constexpr bool has_needed_setting<E, Settings...> =
    (std::same_as<Settings, typename E::needed_import_setting> || ...);

} // namespace detail

/// A setting of an import of rows of an entity: a sync action for its rows, or a part that only its
/// definitions have, such as the `data_card_mapping` of custom objects. Or, of any entity, a sink
/// of its rejects, see `rejects_to`.
template <class S, class E>
concept import_setting_for =
    importable<E> &&
    (acts_on<S, E> || detail::is_reject_sink<S> ||
     (detail::is_definition_part<S> && std::derived_from<import_definition_t<E>, S>));

/// Entities whose rows can be imported with these settings: they go together, and the one that the
/// entity needs is among them (`opportunity_linkage` for links of opportunities).
template <class E, class... Settings>
concept importable_by_rows =
    importable<E> && (import_setting_for<Settings, E> && ...) &&
    detail::actions_go_together<Settings...> && detail::has_needed_setting<E, Settings...>;

namespace detail {

inline void add_setting(any_import_definition& to, sync_action action) {
    if (!to.syncActions)
        to.syncActions.emplace();
    to.syncActions->push_back(std::move(action));
}
template <class S>
    requires is_definition_part<S>
void add_setting(any_import_definition& to, S const& part) {
    static_cast<S&>(to) = part;
}
template <class F, bool Named>
void add_setting(any_import_definition&, reject_sink<F, Named> const&) {}

/// A definition of which the settings are set.
template <class... Settings>
any_import_definition with_settings(Settings const&... settings) {
    any_import_definition d;
    (add_setting(d, settings), ...);
    return d;
}

} // namespace detail

} // namespace eloqua::bulk
