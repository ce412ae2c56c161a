// SPDX-License-Identifier: BSL-1.0
// Converts the display names of fields to C++ names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace row_names {

inline bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
inline bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline char lower(char c) {
    return is_upper(c) ? static_cast<char>(c + 32) : c;
}

/// Converts to ASCII: letters lose their accents, umlauts and ligatures become two letters, and
/// what is not a letter of Latin-1 is dropped.
inline std::string transliterated(std::string_view utf8) {
    static constexpr std::string_view latin[64] = {
        "A", "A", "A", "A", "AE", "A", "AE", "C", "E", "E", "E", "E", "I",  "I", "I",  "I",
        "D", "N", "O", "O", "O",  "O", "OE", "",  "O", "U", "U", "U", "UE", "Y", "TH", "ss",
        "a", "a", "a", "a", "ae", "a", "ae", "c", "e", "e", "e", "e", "i",  "i", "i",  "i",
        "d", "n", "o", "o", "o",  "o", "oe", "",  "o", "u", "u", "u", "ue", "y", "th", "y"};
    std::string ascii;
    for (std::size_t i = 0; i != utf8.size(); ++i) {
        auto const byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80)
            ascii += utf8[i];
        if (byte != 0xC3 || i + 1 == utf8.size()) // the lead byte of U+00C0 to U+00FF
            continue;
        auto const next = static_cast<unsigned char>(utf8[i + 1]);
        if (next < 0x80 || next > 0xBF)
            continue;
        std::string letters(latin[next - 0x80]);
        // Only the first is a capital before lower-case letters: Aerzte, not AErzte.
        if (letters.size() == 2 && !(i + 2 < utf8.size() && is_upper(utf8[i + 2])))
            letters[1] = lower(letters[1]);
        ascii += letters;
        ++i;
    }
    return ascii;
}

/// Whether a capital begins a word, such as "Account", and is not the end of a plural abbreviation,
/// such as the "Ds" of "IDs".
inline bool is_word_start(std::string_view text) {
    if (text.size() < 2 || !is_lower(text[1]))
        return false;
    return text[1] != 's' || (text.size() > 2 && is_lower(text[2]));
}

/// The words of a name in lower case, joined by underscores: "SFDCAccountID" and "SFDC Account
/// ID" give sfdc_account_id. Empty if it has neither letters nor digits.
inline std::string snake_case(std::string_view utf8) {
    std::string const ascii = transliterated(utf8);
    std::string_view const name = ascii;
    std::string words;
    bool parted = false;
    for (std::size_t i = 0; i != name.size(); ++i) {
        char const c = name[i];
        if (!is_lower(c) && !is_upper(c) && !is_digit(c)) {
            parted = true;
            continue;
        }
        if (i != 0 && is_upper(c)) {
            bool const ends_capitals = is_upper(name[i - 1]) && is_word_start(name.substr(i));
            parted |= is_lower(name[i - 1]) || is_digit(name[i - 1]) || ends_capitals;
        }
        if (parted && !words.empty())
            words += '_';
        parted = false;
        words += lower(c);
    }
    return words;
}

/// Keywords, names that a compiler or a system header may define as macros, and namespaces that the
/// generated header uses.
inline bool is_taken(std::string_view name) {
    static constexpr std::string_view words[] = {"alignas",
                                                 "alignof",
                                                 "and",
                                                 "and_eq",
                                                 "asm",
                                                 "assert",
                                                 "auto",
                                                 "bitand",
                                                 "bitor",
                                                 "bool",
                                                 "boost",
                                                 "break",
                                                 "bulk",
                                                 "case",
                                                 "catch",
                                                 "char",
                                                 "char16_t",
                                                 "char32_t",
                                                 "char8_t",
                                                 "class",
                                                 "co_await",
                                                 "co_return",
                                                 "co_yield",
                                                 "compl",
                                                 "concept",
                                                 "const",
                                                 "const_cast",
                                                 "consteval",
                                                 "constexpr",
                                                 "constinit",
                                                 "continue",
                                                 "decltype",
                                                 "default",
                                                 "delete",
                                                 "do",
                                                 "double",
                                                 "dynamic_cast",
                                                 "eloqua",
                                                 "eloqua_fields",
                                                 "else",
                                                 "enum",
                                                 "errno",
                                                 "explicit",
                                                 "export",
                                                 "extern",
                                                 "false",
                                                 "far",
                                                 "final",
                                                 "float",
                                                 "for",
                                                 "friend",
                                                 "goto",
                                                 "i386",
                                                 "if",
                                                 "import",
                                                 "inline",
                                                 "int",
                                                 "interface",
                                                 "linux",
                                                 "long",
                                                 "major",
                                                 "makedev",
                                                 "minor",
                                                 "module",
                                                 "mutable",
                                                 "namespace",
                                                 "near",
                                                 "new",
                                                 "noexcept",
                                                 "not",
                                                 "not_eq",
                                                 "nullptr",
                                                 "operator",
                                                 "or",
                                                 "or_eq",
                                                 "override",
                                                 "pascal",
                                                 "private",
                                                 "protected",
                                                 "public",
                                                 "register",
                                                 "reinterpret_cast",
                                                 "requires",
                                                 "return",
                                                 "short",
                                                 "signed",
                                                 "sizeof",
                                                 "small",
                                                 "static",
                                                 "static_assert",
                                                 "static_cast",
                                                 "std",
                                                 "stderr",
                                                 "stdin",
                                                 "stdout",
                                                 "struct",
                                                 "switch",
                                                 "template",
                                                 "this",
                                                 "thread_local",
                                                 "throw",
                                                 "true",
                                                 "try",
                                                 "typedef",
                                                 "typeid",
                                                 "typename",
                                                 "union",
                                                 "unix",
                                                 "unsigned",
                                                 "using",
                                                 "virtual",
                                                 "void",
                                                 "volatile",
                                                 "wchar_t",
                                                 "while",
                                                 "xor",
                                                 "xor_eq"};
    static_assert(std::ranges::is_sorted(words));
    return std::ranges::binary_search(words, name);
}

/// A legal C++ name for a member or a struct; empty if nothing is left of the given name.
inline std::string legal_name(std::string_view utf8) {
    constexpr std::size_t longest = 60; // every row contains it as a key
    std::string name = snake_case(utf8);
    if (name.size() > longest)
        name.resize(name.find_last_not_of('_', longest - 1) + 1);
    if (!name.empty() && is_digit(name.front()))
        name.insert(0, "field_");
    if (is_taken(name))
        name += '_';
    return name;
}

/// Whether a name that the user chose is legal.
inline bool is_legal(std::string_view name) {
    auto const word = [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; };
    return !name.empty() && std::ranges::all_of(name, word) && !is_digit(name.front()) &&
           name.find("__") == name.npos &&
           !(name.size() > 1 && name.front() == '_' && is_upper(name[1])) && !is_taken(name);
}

/// Gives the members of a struct unique names, different from the struct's name and from those of
/// its numbered bases.
class members {
public:
    explicit members(std::string struct_name) : struct_(std::move(struct_name)) {}

    /// Uses the first of the two names that yields a legal one.
    std::string add(std::string_view preferred, std::string_view other) {
        std::string wanted = legal_name(preferred);
        if (wanted.empty())
            wanted = legal_name(other);
        if (wanted.empty())
            wanted = "field";
        if (names_type(wanted))
            wanted.insert(0, "field_");
        std::string name = wanted;
        for (int n = 2; names_type(name) || !given_.insert(name).second; ++n)
            name = wanted + (wanted.ends_with('_') ? "" : "_") + std::to_string(n);
        return name;
    }

private:
    bool names_type(std::string_view name) const {
        if (!name.starts_with(struct_))
            return false;
        name.remove_prefix(struct_.size());
        return name.empty() || (name.size() > 1 && name.front() == '_' &&
                                std::all_of(std::next(name.begin()), name.end(), is_digit));
    }

    std::string struct_;
    std::set<std::string> given_;
};

} // namespace row_names
