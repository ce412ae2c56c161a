// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to .*export_rows[\s\S]*(satisfaction of .exportable<E>. ?\[with E = wishes_t\]|wishes_t'? does not satisfy 'exportable')
// An export of an entity that has none.
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

struct wish {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(wish, (), (text))

struct wishes_t {
#ifndef REFUSE
    static constexpr bool has_exports = true;
#else
    static constexpr bool has_exports = false;
#endif
    static constexpr bool has_imports = true, has_fields = false;
    static bulk::result<std::string> base_path() { return bulk::path<"/wishes">::expand(); }
    static std::string statement_root() { return "Wish"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};

[[maybe_unused]] auto all_of(bulk::client const& client) {
    return client.export_rows<wish>(wishes_t());
}
