// SPDX-License-Identifier: BSL-1.0
/// \file
/// What a blank means for members that cannot be blank.
///
/// A blank is "", a JSON null, or a member missing in a row. It resets an `optional`, and is ""
/// for text. For a member of another type it is an error, unless the row says otherwise:
///
///     struct person {
///         std::string email;
///         int visits;
///         bool subscribed;
///         using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&person::visits>,
///                                            bulk::default_if_blank<&person::subscribed, true>>;
///     };
#pragma once

#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace eloqua::bulk {

/// Entry of `blanks`: a blank sets the member to `Value`, or to `T()` without one. `Value` may
/// also be a function without parameters, called for every blank, for types such as times that
/// cannot be template arguments. If the row is imported again, it writes the value, not a blank.
template <auto Member, auto... Value>
    requires(sizeof...(Value) <= 1)
struct default_if_blank {
    static constexpr auto member = Member; ///< the member that the default is for
};

/// Entry of `blanks` for all members of the row: those whose type refuses blanks become `T()`.
/// Entries that name a member take precedence.
struct all_default_if_blank {};

/// The blank policy of a row: name it `eloqua_blanks` inside the struct, or specialise
/// `blank_policy`. Policies of described bases apply to their members in derived rows too, after
/// the row's own entries.
template <class... Entries>
struct blanks {};

namespace detail {

template <class Row>
using own_blanks = typename Row::eloqua_blanks;

} // namespace detail

/// Customisation point: the meaning of blanks for row types that you cannot change, as `using type
/// = blanks<...>`.
template <class Row>
struct blank_policy {
    using type = blanks<>; ///< the policy: an instance of `blanks`
};
/// The policy of a type that names it `eloqua_blanks`.
template <class Row>
    requires(requires { typename Row::eloqua_blanks; } &&
             !detail::inherits<Row, detail::own_blanks>)
struct blank_policy<Row> {
    using type = typename Row::eloqua_blanks; ///< the policy: an instance of `blanks`
};

namespace detail {

template <class Entry, auto Pointer>
constexpr bool is_blank_of() {
    if constexpr (requires { Entry::member; })
        return id_of_member<Entry::member> == id_of_member<Pointer>;
    else
        return false;
}

template <class T, auto... Value>
struct blank_value {
    static constexpr bool fits = std::default_initializable<T>;
    static T get() { return T(); }
};
template <class T, auto Value>
struct blank_value<T, Value> {
    static constexpr bool fits = requires { T{Value}; };
    static T get() {
        if constexpr (fits)
            return T{Value};
        return T();
    }
};
template <class T, auto Value>
    requires requires {
        { Value() } -> std::convertible_to<T>;
    }
struct blank_value<T, Value> {
    static constexpr bool fits = true;
    static T get() { return Value(); }
};

template <class T, class Entry>
struct value_of_blank : blank_value<T> {};
template <class T, auto Member, auto... Value>
struct value_of_blank<T, default_if_blank<Member, Value...>> : blank_value<T, Value...> {};

/// A message for each mistake in an entry.
template <class Row, class Entry, class Type, bool Described, bool Once, bool Refuses, bool Fits>
struct entry_of_blanks : compile_time_check {
    static_assert(Described, "eloqua: this entry of eloqua_blanks names a member that "
                             "BOOST_DESCRIBE_STRUCT does not list");
    static_assert(Once, "eloqua: another entry of eloqua_blanks names the same member");
    static_assert(Refuses, "eloqua: this member can be blank, so no entry of eloqua_blanks is for "
                           "it: a text becomes \"\", an optional empty");
    static_assert(Fits, "eloqua: the value in this entry of eloqua_blanks is not of the "
                        "member's type");
};

template <class Row, class Members, class Policy, class Bases>
struct blanks_check {
    static_assert(sizeof(Row) == 0, "eloqua: eloqua_blanks is not a bulk::blanks<...>");
};

template <class Row>
using check_of_blanks =
    blanks_check<Row, row_members<Row>, typename blank_policy<Row>::type, row_bases<Row>>;

template <class Row, template <class...> class List, class... Descriptors, class... Entries,
          template <class...> class BaseList, class... Bases>
struct blanks_check<Row, List<Descriptors...>, blanks<Entries...>, BaseList<Bases...>> {
    template <class Entry>
    struct entry : compile_time_check {};
    template <auto Member, auto... Value>
    struct entry<default_if_blank<Member, Value...>> {
        using self = default_if_blank<Member, Value...>;
        using type = typename member_pointer<std::remove_cv_t<decltype(Member)>>::type;
        static constexpr bool described =
            ((id_of_member<Member> == id_of_member<Descriptors::pointer>) || ... || false);
        /// Whether an earlier entry names the member.
        template <class Other>
        using names_it = std::bool_constant<is_blank_of<Other, Member>()>;
        static constexpr bool once =
            boost::mp11::mp_find<blanks<Entries...>, self>::value ==
                boost::mp11::mp_find_if<blanks<Entries...>, names_it>::value &&
            boost::mp11::mp_count<blanks<Entries...>, self>::value == 1;
        static constexpr bool refuses = !holds_blank<type>;
        static constexpr bool fits = !refuses || blank_value<type, Value...>::fits;
        static constexpr bool checked =
            entry_of_blanks<Row, self, type, described, once, refuses, fits>::checked;
    };
    static constexpr bool checked = (entry<Entries>::checked && ... && true) &&
                                    (check_of_blanks<typename Bases::type>::checked && ... && true);
};

/// The entries of a row and of its bases, in order of precedence.
template <class Row, class Bases>
struct all_blanks;
template <class Row>
using blanks_of = typename all_blanks<Row, row_bases<Row>>::type;
template <class Row, template <class...> class List, class... Bases>
struct all_blanks<Row, List<Bases...>> {
    using type = boost::mp11::mp_append<typename blank_policy<Row>::type,
                                        blanks_of<typename Bases::type>...>;
};

/// Whether an `all_default_if_blank` applies to a member: the row's own, or that of its base.
template <class Row, class Bases = row_bases<Row>>
struct defaults_of;
template <class Row, template <class...> class List, class... Bases>
struct defaults_of<Row, List<Bases...>> {
    template <auto Member>
    static constexpr bool hold =
        column_index<Row, Member>() != member_list<row_members<Row>>::size &&
        (boost::mp11::mp_contains<typename blank_policy<Row>::type, all_default_if_blank>::value ||
         (defaults_of<typename Bases::type>::template hold<Member> || ... || false));
};

/// The entry for a member: the first that names it, else the one for all, else void.
template <class Row, class Descriptor, class Entries>
struct blank_entry;
template <class Row, class Descriptor, class... Entries>
struct blank_entry<Row, Descriptor, blanks<Entries...>> {
    template <class Entry>
    using names_it = std::bool_constant<is_blank_of<Entry, Descriptor::pointer>()>;
    using rest = std::conditional_t<defaults_of<Row>::template hold<Descriptor::pointer>,
                                    all_default_if_blank, void>;
    using all = blanks<Entries..., rest>;
    static constexpr std::size_t named = boost::mp11::mp_find_if<all, names_it>::value;
    static constexpr std::size_t none = sizeof...(Entries);
    using type = boost::mp11::mp_at_c<all, (named < none ? named : none)>;
};

/// The meaning of a blank for a member that cannot hold it: an entry of `blanks`, or void.
template <class Row, class Descriptor>
struct meaning_of_blank {
    static_assert(check_of_blanks<Row>::checked);
    using type = typename blank_entry<Row, Descriptor, blanks_of<Row>>::type;
};
template <class Row, class Descriptor>
    requires holds_blank<member_type<Descriptor>>
struct meaning_of_blank<Row, Descriptor> {
    static_assert(check_of_blanks<Row>::checked);
    using type = void;
};

/// Sets the member to the entry's value.
template <class Entry, class T>
[[gnu::noinline]] bool assign_blank(T& member) {
    if constexpr (std::same_as<Entry, all_default_if_blank>)
        if (value_traits<T>::parse({}, member)) // a user-defined type may accept it as a value
            return true;
    member = value_of_blank<T, Entry>::get();
    return true;
}

} // namespace detail

} // namespace eloqua::bulk
