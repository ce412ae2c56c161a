// SPDX-License-Identifier: BSL-1.0
// Any bytes as the literals and the shape of a filter: what is rendered must be what the filter
// says to a parser of the language; any bytes as a filter's text must be parsed or refused.
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/schema/filter.hpp>
#include <eloqua/bulk/simulator/eel.hpp>

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

struct contact {
    std::string country;
    int score = 0;
};
BOOST_DESCRIBE_STRUCT(contact, (), (country, score))

using filter = bulk::filter<contact>;

/// One condition for each line, joined as the line's first byte says.
filter filter_of(std::string_view text, std::vector<std::string>& literals) {
    filter all = bulk::where<&contact::score> >= 0;
    while (!text.empty()) {
        std::size_t const end = std::min(text.find('\n'), text.size());
        std::string_view const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        std::string const literal(line.substr(1));
        literals.push_back(literal);
        filter one = bulk::where<&contact::country> == literal;
        switch (line[0] % 4) {
        case 0:
            all = std::move(all) && std::move(one);
            break;
        case 1:
            all = std::move(all) || std::move(one);
            break;
        case 2:
            all = !(std::move(all) || std::move(one));
            break;
        default:
            all = std::move(one) && !std::move(all);
        }
    }
    return all;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    (void)bulk::simulation::parse_eel(text, false);
    (void)bulk::simulation::parse_eel(text, true);

    std::vector<std::string> literals;
    auto const rendered =
        bulk::render_filter(filter_of(text.substr(0, 2'000), literals), bulk::contacts);
    if (!rendered) {
        require(rendered.error().code == bulk::errc::invalid_filter);
        return 0;
    }
    auto const parsed = bulk::simulation::parse_eel(*rendered, false);
    require(parsed.has_value());
    std::size_t comparisons = 0;
    for (auto const& node : parsed->nodes)
        comparisons += node.what == bulk::simulation::eel_node::kind::comparison;
    require(comparisons == literals.size() + 1);
    return 0;
}
