// SPDX-License-Identifier: BSL-1.0
// Prints docs/endpoints.md, which is generated from the table of endpoints.
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>

#include <boost/core/type_name.hpp>
#include <boost/mp11/algorithm.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <type_traits>

namespace bulk = eloqua::bulk;
namespace mp11 = boost::mp11;

namespace {

constexpr std::string_view introduction = R"(# Operations

Every operation of the Bulk API. This page is generated from the table in
`include/eloqua/bulk/endpoints.hpp`. Paths are relative to the base URL of the Bulk API. `c` is a
`bulk::client`:

| | |
|---|---|
| definitions | `c.exports(of)`, `c.imports(of)`, `c.sync_actions(of)` with `list`, `create`, `read`, `replace`, `remove`, `remove_data`; `push` for imports and sync actions, `data<Row>` for exports |
| fields | `c.fields(of)` with `list`, `read` |
| assets | `c.contact_filters()`, `c.contact_lists()`, `c.contact_segments()`, `c.scoring_models()`, `c.account_lists()`, `c.custom_objects()`, `c.events()`, `c.email_groups()`, `c.import_priorities()` with `list`, `read` |
| all entities | `c.all_exports()`, `c.all_imports()` with `list`, `storage`; `c.all_sync_actions()` with `list` |
| syncs | `c.syncs()` with `list`, `create`, `read`, `logs`, `rejects`, `data<Row>`, `remove_data` |

`of` is an entity: `bulk::contacts`, `bulk::accounts`, `bulk::activities`, `bulk::custom_object(id)`,
`bulk::event(id)`, `bulk::campaign_responses`, `bulk::campaigns`, `bulk::opportunities`,
`bulk::opportunity_contacts`, `bulk::email_addresses`, `bulk::phone_numbers`, or a user-defined type.

"Retried" says what happens when a response is lost: `yes`, the library retries the request;
`recoverable`, a job searches for the created object; `abandonable`, a job discards the staged rows
and pushes them again. A direct call of the latter two fails with `errc::outcome_unknown`.

| method | path | body | result | success | limit | other query parameters | retried |
|---|---|---|---|---|---|---|---|
)";

template <class T>
std::string name_of() {
    if constexpr (std::is_same_v<T, bulk::nothing>)
        return "";
    std::string text = boost::core::type_name<T>();
    for (std::size_t at = 0; (at = text.find("eloqua::bulk::", at)) != text.npos;)
        text.erase(at, 14);
    return '`' + text + '`';
}

template <class Endpoint, class E>
void print(std::string const& base, std::string_view parameter, std::int64_t rows_limit) {
    using bulk::paging;
    using bulk::retry_class;
    std::cout << "| " << to_string(Endpoint::method) << " | `" << base << Endpoint::path << "` | "
              << name_of<bulk::document_t<E, typename Endpoint::body_type>>() << " | "
              << name_of<bulk::document_t<E, typename Endpoint::result_type>>() << " | ";
    for (int const status : Endpoint::success)
        std::cout << (status == Endpoint::success.front() ? "" : ", ") << status;
    std::cout << " | ";
    if (Endpoint::paging == paging::list)
        std::cout << bulk::limits::items_per_list;
    if (Endpoint::paging == paging::rows)
        std::cout << rows_limit;
    std::cout << " | " << parameter << " | "
              << (Endpoint::retry_class == retry_class::recoverable   ? "recoverable"
                  : Endpoint::retry_class == retry_class::abandonable ? "abandonable"
                                                                      : "yes")
              << " |\n";
}

template <class E>
void print_entity() {
    constexpr bool numbered = std::is_constructible_v<E, bulk::id>;
    E const sample = [] {
        if constexpr (numbered)
            return E(bulk::id(7));
        else
            return E();
    }();
    std::string base = sample.base_path().value();
    if (numbered)
        base.replace(base.size() - 1, 1, "{parentId}");
    mp11::mp_for_each<mp11::mp_transform<std::type_identity, bulk::endpoints::all>>([&](auto each) {
        using endpoint = typename decltype(each)::type;
        std::string_view parameter;
        if constexpr (requires { E::fields_parameter; })
            if (std::is_same_v<endpoint, bulk::endpoints::list_fields>)
                parameter = E::fields_parameter;
        if (bulk::offers<E>(endpoint::relative_to))
            print<endpoint, E>(base, parameter, bulk::export_data_limit_of<E>);
    });
}

} // namespace

int main() {
    std::cout << introduction;
    mp11::mp_for_each<mp11::mp_transform<std::type_identity, bulk::all_entities>>(
        [](auto each) { print_entity<typename decltype(each)::type>(); });
    mp11::mp_for_each<mp11::mp_transform<std::type_identity, bulk::endpoints::all>>([](auto each) {
        using endpoint = typename decltype(each)::type;
        if (endpoint::relative_to == bulk::scope::service)
            print<endpoint, void>("", "", bulk::limits::rows_per_page);
    });
}
