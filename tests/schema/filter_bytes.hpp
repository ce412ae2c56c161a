// SPDX-License-Identifier: BSL-1.0
// Filters made from any bytes, each with the tree it means; and a check that the simulated
// service's parser reads the rendered filter as the same tree.
#pragma once

#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/render_filter.hpp>
#include <eloqua/bulk/simulator/detail/eel.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filter_bytes {

namespace bulk = eloqua::bulk;

/// A strong typedef, and a type with a trait whose texts are arbitrary.
struct nickname {
    std::string text;
    using eloqua_value = bulk::wrapping<&nickname::text>;
};
struct code {
    std::string text;
    friend auto operator<=>(code const&, code const&) = default;
};

} // namespace filter_bytes

template <>
struct eloqua::bulk::value_traits<filter_bytes::code> {
    static bool parse(std::string_view text, filter_bytes::code& into) {
        into.text = text;
        return true;
    }
    static bool write(filter_bytes::code const& value, std::string& out) {
        out += value.text;
        return true;
    }
};

namespace filter_bytes {

using parsed_node = bulk::simulation::eel_node;
using op = parsed_node::op;

enum class stage { lead, customer };
BOOST_DESCRIBE_ENUM(stage, lead, customer)

struct contact {
    std::string country;
    std::int64_t score = 0;
    double weight = 0;
    bool flag = false;
    filter_bytes::stage stage{};
    std::chrono::sys_time<std::chrono::nanoseconds> at;
    std::chrono::year_month_day born;
    std::optional<nickname> nick;
    filter_bytes::code code;
    std::uint32_t visits = 0;
    float ratio = 0;
};
BOOST_DESCRIBE_STRUCT(contact, (),
                      (country, score, weight, flag, stage, at, born, nick, code, visits, ratio))

/// Keys that the columns of records may have, which must not appear.
inline constexpr std::string_view odd_keys[] = {"it's", "{{Contact.Id}}", "' OR '' = '", "}}",
                                                "\n"};

inline std::vector<bulk::detail::column_info> columns_with_odd_keys() {
    auto const& of_members = bulk::detail::columns_of<contact, bulk::contacts_t>;
    std::vector<bulk::detail::column_info> all(of_members.begin(), of_members.end());
    for (std::string_view const key : odd_keys)
        all.push_back({key, {bulk::statement_kind::field, "C_Odd"}, true});
    return all;
}

/// The meaning of a filter, with nested AND and OR of the same kind merged.
struct tree {
    parsed_node::kind what = parsed_node::kind::comparison;
    std::vector<tree> parts = {};
    std::string left = {};
    op by = op::equal;
    std::function<bool(std::string_view literal)> means = {};
};

/// A filter of the row above for any entity.
using filter = bulk::filter<contact, bulk::contacts_t>;

struct made_filter {
    filter made;
    tree meant;
};

inline tree join(parsed_node::kind what, tree a, tree b) {
    tree joined{what};
    for (tree* each : {&a, &b})
        if (each->what == what)
            std::ranges::move(each->parts, std::back_inserter(joined.parts));
        else
            joined.parts.push_back(std::move(*each));
    return joined;
}

/// Whether a LIKE pattern means this text, between its wildcards.
inline bool means_text(std::string_view pattern, std::string_view text, bool before, bool after) {
    if ((before && !pattern.starts_with('%')) || (after && !pattern.ends_with('%')))
        return false;
    pattern = pattern.substr(before, pattern.size() - before - after);
    std::string plain;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        bool const bracket = pattern[i] == '[';
        if (pattern[i] == '%' || pattern[i] == '_' ||
            (bracket && (i + 2 >= pattern.size() || pattern[i + 2] != ']')))
            return false;
        plain += pattern[bracket ? i + 1 : i];
        i += bracket ? 2 : 0;
    }
    return plain == text;
}

class reader {
public:
    explicit reader(std::string_view bytes) : bytes_(bytes) {}

    bool done() const { return bytes_.empty(); }
    std::size_t pick(std::size_t n) {
        if (bytes_.empty())
            return 0;
        auto const got = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return got % n;
    }
    std::string text() {
        std::size_t const wanted = pick(16); // which itself takes a byte
        std::size_t const size = std::min(wanted, bytes_.size());
        std::string const got(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return got;
    }
    template <class T>
    T number() {
        unsigned char raw[sizeof(T)] = {};
        for (unsigned char& each : raw)
            each = static_cast<unsigned char>(pick(256));
        T made;
        std::memcpy(&made, raw, sizeof made);
        return made;
    }

    made_filter any(int depth) {
        switch (depth == 0 || done() ? 3 : pick(6)) {
        case 0: {
            made_filter a = any(depth - 1);
            tree negated{parsed_node::kind::not_};
            negated.parts.push_back(std::move(a.meant));
            return {!std::move(a.made), std::move(negated)};
        }
        case 1: {
            made_filter a = any(depth - 1), b = any(depth - 1);
            return {std::move(a.made) && std::move(b.made),
                    join(parsed_node::kind::and_, std::move(a.meant), std::move(b.meant))};
        }
        case 2: {
            made_filter a = any(depth - 1), b = any(depth - 1);
            return {std::move(a.made) || std::move(b.made),
                    join(parsed_node::kind::or_, std::move(a.meant), std::move(b.meant))};
        }
        default:
            return leaf();
        }
    }

private:
    static tree compared(std::string_view left, op by,
                         std::function<bool(std::string_view)> means) {
        return {parsed_node::kind::comparison, {}, std::string(left), by, std::move(means)};
    }

    /// One of the operators for all types, or for ordered types.
    template <class Condition, class V, class Means>
    made_filter on(Condition const& c, std::string_view left, V const& a, V const& b, Means means) {
        auto is = [&](V const& v) {
            return [v, means](std::string_view literal) { return means(literal, v); };
        };
        constexpr bool ordered = bulk::detail::ordered_value<V>;
        switch (pick(ordered ? 9 : 4)) {
        case 0:
            return {filter(nodes_of(c == a)), compared(left, op::equal, is(a))};
        case 1:
            return {filter(nodes_of(c != a)), compared(left, op::not_equal, is(a))};
        case 2:
            return {filter(nodes_of(c.is_blank())),
                    compared(left, op::equal,
                             [](std::string_view literal) { return literal.empty(); })};
        case 3:
            return {filter(nodes_of(c.in({a, b}))),
                    join(parsed_node::kind::or_, compared(left, op::equal, is(a)),
                         compared(left, op::equal, is(b)))};
        default:
            break;
        }
        if constexpr (ordered) {
            switch (pick(5)) {
            case 0:
                return {filter(nodes_of(c < a)), compared(left, op::less, is(a))};
            case 1:
                return {filter(nodes_of(c <= a)), compared(left, op::less_equal, is(a))};
            case 2:
                return {filter(nodes_of(c > a)), compared(left, op::greater, is(a))};
            case 3:
                return {filter(nodes_of(c >= a)), compared(left, op::greater_equal, is(a))};
            default:
                break;
            }
            return {filter(nodes_of(c.between(a, b))),
                    join(parsed_node::kind::and_, compared(left, op::greater_equal, is(a)),
                         compared(left, op::less, is(b)))};
        } else {
            return {filter(nodes_of(c == b)), compared(left, op::equal, is(b))};
        }
    }
    template <class Condition>
    made_filter on_text(Condition const& c, std::string_view left) {
        std::string const text = this->text();
        auto like = [&](bool before, bool after) {
            return compared(left, op::like, [=](std::string_view literal) {
                return means_text(literal, text, before, after);
            });
        };
        switch (pick(5)) {
        case 0:
            return {filter(nodes_of(c.like(text))),
                    compared(left, op::like, [=](std::string_view got) { return got == text; })};
        case 1:
            return {filter(nodes_of(c.starts_with(text))), like(false, true)};
        case 2:
            return {filter(nodes_of(c.contains(text))), like(true, true)};
        case 3:
            return {filter(nodes_of(c.ends_with(text))), like(true, false)};
        default:
            return on(c, left, text, this->text(),
                      [](std::string_view got, std::string const& v) { return got == v; });
        }
    }
    /// Filters of records have the same keys here as members.
    template <class F>
    static std::vector<bulk::detail::filter_node> nodes_of(F f) {
        return std::move(f).release();
    }

    made_filter leaf() {
        using bulk::where;
        namespace chr = std::chrono;
        switch (pick(17)) {
        case 0:
            return on_text(where<&contact::country>, "{{Contact.Field(country)}}");
        case 1:
            return on_text(bulk::where_field<"C_City", std::string>, "{{Contact.Field(C_City)}}");
        case 2:
            return on_text(bulk::where_column("country"), "{{Contact.Field(country)}}");
        case 3: {
            auto same = [](std::string_view got, std::int64_t v) {
                return got == std::to_string(v);
            };
            auto const a = number<std::int64_t>(), b = number<std::int64_t>();
            return pick(2) == 0
                       ? on(where<&contact::score>, "{{Contact.Field(score)}}", a, b, same)
                       : on(bulk::where_column("score"), "{{Contact.Field(score)}}", a, b, same);
        }
        case 4: {
            auto same = [](std::string_view got, double v) {
                return got.find('e') == got.npos && std::strtod(std::string(got).c_str(), {}) == v;
            };
            auto const a = number<double>(), b = number<double>();
            return pick(2) == 0
                       ? on(where<&contact::weight>, "{{Contact.Field(weight)}}", a, b, same)
                       : on(bulk::where_column("weight"), "{{Contact.Field(weight)}}", a, b, same);
        }
        case 5:
            return on(where<&contact::flag>, "{{Contact.Field(flag)}}", pick(2) == 0, pick(2) == 0,
                      [](std::string_view got, bool v) { return got == (v ? "true" : "false"); });
        case 6:
            return on(where<&contact::stage>, "{{Contact.Field(stage)}}",
                      static_cast<stage>(pick(3)), static_cast<stage>(pick(3)),
                      [](std::string_view got, stage v) {
                          return got == (v == stage::lead ? "lead" : "customer");
                      });
        case 7: {
            using time = chr::sys_time<chr::nanoseconds>;
            auto moment = [&] { // usually of milliseconds
                auto const n = number<std::int64_t>();
                return time(chr::nanoseconds(pick(4) == 0 ? n : n / 1'000'000 * 1'000'000));
            };
            time const a = moment(), b = moment();
            return on(where<&contact::at>, "{{Contact.Field(at)}}", a, b,
                      [](std::string_view got, time v) {
                          return v.time_since_epoch() % chr::milliseconds(1) ==
                                     chr::nanoseconds(0) &&
                                 bulk::parse_time<chr::milliseconds>(got) ==
                                     chr::floor<chr::milliseconds>(v);
                      });
        }
        case 8: {
            auto day = [&] {
                return chr::year_month_day(chr::year(number<std::int16_t>()),
                                           chr::month(static_cast<unsigned>(pick(14))),
                                           chr::day(static_cast<unsigned>(pick(33))));
            };
            chr::year_month_day const a = day(), b = day();
            return on(where<&contact::born>, "{{Contact.Field(born)}}", a, b,
                      [](std::string_view got, chr::year_month_day v) {
                          auto const read = bulk::parse_time<chr::seconds>(got);
                          return got.size() == 10 && read && *read == chr::sys_days(v);
                      });
        }
        case 9: {
            auto const n = static_cast<std::int64_t>(1 + pick(250));
            tree meant{parsed_node::kind::exists};
            auto in = [&](auto const& container, std::string const& kind) {
                meant.left = "{{" + kind + "[" + std::to_string(n) + "]}}";
                return made_filter{filter(nodes_of(bulk::exists(container))), std::move(meant)};
            };
            switch (pick(4)) {
            case 0:
                return in(bulk::contact_segment(n), "ContactSegment");
            case 1:
                return in(bulk::contact_filter(n), "ContactFilter");
            case 2: // which the language allows in each entity's filters
                return in(bulk::account_list(n), "AccountList");
            default:
                return in(bulk::contact_list(n), "ContactList");
            }
        }
        case 10: {
            tree meant{parsed_node::kind::status};
            meant.left = "{{ActionInstance(00112233445566778899aabbccddeeff).Execution[7]}}";
            meant.means = [](std::string_view got) { return got == "pending"; };
            bulk::app_action const app("00112233-4455-6677-8899-aabbccddeeff", 7);
            return {bulk::status(app) == bulk::member_status::pending, std::move(meant)};
        }
        case 11: {
            nickname const a{text()}, b{text()};
            if (pick(2) == 0)
                return on_text(where<&contact::nick>, "{{Contact.Field(nick)}}");
            return on(where<&contact::nick>, "{{Contact.Field(nick)}}", a, b,
                      [](std::string_view got, nickname const& v) { return got == v.text; });
        }
        case 12: {
            filter_bytes::code const a{text()}, b{text()};
            return on(
                where<&contact::code>, "{{Contact.Field(code)}}", a, b,
                [](std::string_view got, filter_bytes::code const& v) { return got == v.text; });
        }
        case 13: {
            auto const a = number<std::uint32_t>(), b = number<std::uint32_t>();
            return on(
                where<&contact::visits>, "{{Contact.Field(visits)}}", a, b,
                [](std::string_view got, std::uint32_t v) { return got == std::to_string(v); });
        }
        case 14: {
            auto const a = number<float>(), b = number<float>();
            return on(where<&contact::ratio>, "{{Contact.Field(ratio)}}", a, b,
                      [](std::string_view got, float v) {
                          return got.find('e') == got.npos &&
                                 std::strtof(std::string(got).c_str(), {}) == v;
                      });
        }
        case 15: { // a key of random bytes is usually not a column
            std::size_t const n = pick(std::size(odd_keys) + 1);
            std::string const key =
                n == std::size(odd_keys) ? this->text() : std::string(odd_keys[n]);
            bool const odd = std::ranges::find(odd_keys, key) != std::end(odd_keys); // or by chance
            return on_text(bulk::where_column(key),
                           odd ? "{{Contact.Field(C_Odd)}}" : "{{Contact.Field(" + key + ")}}");
        }
        default:
            return on_text(bulk::where_statement<"{{Contact.Account.Field(M_City)}}", std::string>,
                           "{{Contact.Account.Field(M_City)}}");
        }
    }

    std::string_view bytes_;
};

/// Whether a node of a parsed filter equals this tree.
inline bool same(tree const& meant, bulk::simulation::eel_filter const& parsed, std::size_t at) {
    using kind = parsed_node::kind;
    parsed_node const& node = parsed.nodes[at];
    if (node.what != meant.what)
        return false;
    if (node.what == kind::not_)
        return same(meant.parts.front(), parsed, node.first);
    if (node.what == kind::and_ || node.what == kind::or_) {
        std::vector<std::size_t> parts{at};
        for (std::size_t i = 0; i != parts.size();) {
            parsed_node const& part = parsed.nodes[parts[i]];
            if (part.what != meant.what) {
                ++i;
                continue;
            }
            parts[i] = part.first;
            parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, part.second);
        }
        return std::ranges::equal(meant.parts, parts, [&](tree const& each, std::size_t part) {
            return same(each, parsed, part);
        });
    }
    return node.left == meant.left && node.by == meant.by &&
           (meant.means ? meant.means(node.literal) : node.literal.empty());
}

enum class outcome { same_tree, refused, other_tree };

/// The result of a filter made from these bytes.
inline outcome read_back(made_filter const& f) {
    static std::vector<bulk::detail::column_info> const columns = columns_with_odd_keys();
    auto const rendered = bulk::detail::render_filter(f.made.nodes(), columns, "Contact");
    if (!rendered)
        return rendered.error().code == bulk::errc::invalid_filter ? outcome::refused
                                                                   : outcome::other_tree;
    auto const parsed = bulk::simulation::parse_eel(*rendered, false);
    return parsed && same(f.meant, *parsed, parsed->root) ? outcome::same_tree
                                                          : outcome::other_tree;
}

} // namespace filter_bytes
