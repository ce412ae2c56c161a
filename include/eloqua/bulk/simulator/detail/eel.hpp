// SPDX-License-Identifier: BSL-1.0
/// \file
/// The filter language (EEL), parsed.
///
///     filter      = or-expr
///     or-expr     = and-expr { "OR" and-expr }
///     and-expr    = not-expr { "AND" not-expr }
///     not-expr    = [ "NOT" ] primary
///     primary     = "(" or-expr ")" | "EXISTS" "(" text ")" | "STATUS" "(" text ")" "=" text
///                 | text op text
///     op          = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~"
///     text        = "'" characters without quote "'"
///
/// with spaces anywhere between. How a quote within a text is written is unknown: there is no way.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// A node of a parsed filter. Children are numbers of nodes.
struct eel_node {
    enum class kind : unsigned char { comparison, exists, status, not_, and_, or_ };
    enum class op : unsigned char {
        equal,
        not_equal,
        greater,
        greater_equal,
        less,
        less_equal,
        like
    };

    kind what = kind::comparison;
    op by = op::equal;
    std::string left;    ///< statement
    std::string literal; ///< what it is compared with
    std::size_t first = 0, second = 0;
};

struct eel_filter {
    std::vector<eel_node> nodes;
    std::size_t root = 0;
};

class eel_parser {
public:
    eel_parser(std::string_view text, bool lenient) : text_(text), lenient_(lenient) {}

    /// Error: `errc::invalid_filter`, with what is wrong and where.
    result<eel_filter> parse() {
        std::size_t const root = or_expression();
        skip_spaces();
        if (wrong_.empty() && at_ != text_.size())
            fail("Expected AND, OR or the end");
        if (!wrong_.empty())
            return failure(errc::invalid_filter,
                           wrong_ + " at character " + std::to_string(wrong_at_ + 1) + ".");
        out_.root = root;
        return std::move(out_);
    }

private:
    using kind = eel_node::kind;

    std::size_t fail(char const* why) {
        if (wrong_.empty()) {
            wrong_ = why;
            wrong_at_ = at_;
        }
        return 0;
    }
    void skip_spaces() {
        while (at_ != text_.size() && text_[at_] == ' ')
            ++at_;
    }
    bool take(std::string_view token) {
        skip_spaces();
        if (!text_.substr(at_).starts_with(token))
            return false;
        at_ += token.size();
        return true;
    }
    bool take_word(std::string_view word) {
        skip_spaces();
        std::string_view const here = text_.substr(at_, word.size());
        if (here != word && !(lenient_ && iequals(here, word)))
            return false;
        char const next = at_ + word.size() < text_.size() ? text_[at_ + word.size()] : ' ';
        if (next != ' ' && next != '(' && next != '\'' && next != '{')
            return false;
        at_ += word.size();
        return true;
    }
    bool take_text(std::string& into) {
        skip_spaces();
        if (at_ == text_.size() || text_[at_] != '\'')
            return false;
        std::size_t const close = text_.find('\'', at_ + 1);
        if (close == text_.npos)
            return false;
        into = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
        return true;
    }
    bool take_statement(std::string& into) {
        if (take_text(into))
            return true;
        if (!lenient_ || !text_.substr(at_).starts_with("{{"))
            return false;
        std::size_t const close = text_.find("}}", at_);
        if (close == text_.npos)
            return false;
        into = text_.substr(at_, close + 2 - at_);
        at_ = close + 2;
        return true;
    }
    std::size_t add(eel_node node) {
        out_.nodes.push_back(std::move(node));
        return out_.nodes.size() - 1;
    }
    std::size_t join(kind what, std::size_t first, std::size_t second) {
        eel_node node;
        node.what = what;
        node.first = first;
        node.second = second;
        return add(std::move(node));
    }

    std::size_t or_expression() {
        std::size_t left = and_expression();
        while (wrong_.empty() && take_word("OR"))
            left = join(kind::or_, left, and_expression());
        return left;
    }
    std::size_t and_expression() {
        std::size_t left = not_expression();
        while (wrong_.empty() && take_word("AND"))
            left = join(kind::and_, left, not_expression());
        return left;
    }
    std::size_t not_expression() {
        if (!take_word("NOT"))
            return primary();
        std::size_t const inner = primary();
        return join(kind::not_, inner, inner);
    }
    std::size_t primary() {
        eel_node node;
        if (take("(")) {
            std::size_t const inner = or_expression();
            return take(")") ? inner : fail("Expected ')'");
        }
        bool const exists = take_word("EXISTS");
        if (exists || take_word("STATUS")) {
            node.what = exists ? kind::exists : kind::status;
            if (!take("(") || !take_text(node.left) || !take(")"))
                return fail("Expected a statement in quotes and parentheses");
            if (++functions_ > 1)
                return fail("Only one EXISTS or STATUS operator is allowed");
            if (!exists && (!take("=") || !take_text(node.literal)))
                return fail("Expected '=' and a status in quotes");
            return add(std::move(node));
        }
        if (!take_statement(node.left))
            return fail("Expected a statement in quotes");
        if (!take_operator(node.by))
            return fail("Expected an operator");
        if (!take_text(node.literal))
            return fail("Expected a value in quotes");
        return add(std::move(node));
    }
    bool take_operator(eel_node::op& into) {
        using op = eel_node::op;
        static constexpr std::pair<std::string_view, op> all[] = {
            {"!=", op::not_equal}, {">=", op::greater_equal}, {"<=", op::less_equal},
            {"=", op::equal},      {">", op::greater},        {"<", op::less},
            {"~", op::like}};
        for (auto const& [token, each] : all)
            if (take(token)) {
                into = each;
                return true;
            }
        return false;
    }

    std::string_view text_;
    bool lenient_;
    std::size_t at_ = 0;
    int functions_ = 0;
    std::string wrong_;
    std::size_t wrong_at_ = 0;
    eel_filter out_;
};

/// Parses a filter. Lenient: a statement may stand without quotes on the left, keywords in any
/// letter case. Error: `errc::invalid_filter`.
[[nodiscard]] inline result<eel_filter> parse_eel(std::string_view text, bool lenient) {
    return eel_parser(text, lenient).parse();
}

} // namespace eloqua::bulk::simulation
