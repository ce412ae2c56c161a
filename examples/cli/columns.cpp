// SPDX-License-Identifier: BSL-1.0
#include "columns.hpp"

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <type_traits>
#include <utility>

namespace cli {

namespace {

template <class E>
std::vector<bulk::field_definition> read_fields(bulk::client const& client, E const& of,
                                                std::stop_token const& stop) {
    std::vector<bulk::field_definition> all;
    for (auto& each : client.fields(of).list().all().value(stop))
        all.push_back(std::move(each));
    return all;
}

/// Values that the service has for every record, and paths to related records.
bool is_system_value(std::string_view name) {
    constexpr std::array<std::string_view, 5> common{"Id", "CreatedAt", "UpdatedAt", "ExternalId",
                                                     "Type"};
    bool const dotted = name.find('.') != name.npos && name.front() != '.' && name.back() != '.';
    bool const plain = std::ranges::all_of(name, [](unsigned char c) {
        return std::isalnum(c) || c == '_' || c == '.' || c == '(' || c == ')' || c == '[' ||
               c == ']';
    });
    return std::ranges::find(common, name) != common.end() || (dotted && plain);
}

std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return made;
}

/// The number of edits between two texts.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j != row.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row.back();
}

std::string shown_field(bulk::field_definition const& f) {
    std::string const internal = f.internalName.value_or("");
    return internal.empty() ? printable(f.name)
                            : printable(internal) + " (" + printable(f.name) + ")";
}

} // namespace

field_names::field_names(bulk::client const& client, any_entity const& of,
                         std::stop_token const& stop)
    : root_(root_of(of)),
      fields_(std::visit([&](auto const& each) { return read_fields(client, each, stop); }, of)) {}

std::optional<std::string> field_names::statement_of(std::string_view name) const {
    if (name.starts_with("{{"))
        return std::string(name);
    std::vector<bulk::field_definition const*> found;
    for (auto const& each : fields_)
        if (each.internalName == name)
            found.push_back(&each);
    for (auto const& each : fields_)
        if (found.empty() && each.name == name)
            found.push_back(&each);
        else if (!found.empty() && each.name == name && found.front()->internalName != name)
            found.push_back(&each);
    if (found.size() > 1 && found.front()->internalName != name) {
        std::string all;
        for (auto const* each : found)
            all += (all.empty() ? "" : ", ") + printable(each->internalName.value_or("?"));
        throw ending(exit_code::refused, std::to_string(found.size()) + " fields are called '" +
                                             printable(name) + "'; use an internal name: " + all);
    }
    if (!found.empty() && found.front()->statement)
        return found.front()->statement;
    if (is_system_value(name))
        return "{{" + root_ + "." + std::string(name) + "}}";
    return std::nullopt;
}

std::string field_names::complaint_about(std::string_view name) const {
    std::string const wanted = lower(name);
    std::vector<std::pair<std::size_t, bulk::field_definition const*>> near;
    for (auto const& each : fields_) {
        std::size_t nearest = std::string_view::npos;
        for (std::string const& its : {each.name, each.internalName.value_or("")}) {
            if (its.empty())
                continue;
            std::string const known = lower(its);
            std::size_t const edits = distance(wanted, known);
            bool const within = wanted.size() > 3 && known.find(wanted) != known.npos;
            if (edits <= std::max<std::size_t>(2, wanted.size() / 3))
                nearest = std::min(nearest, edits);
            else if (within)
                nearest = std::min(nearest, wanted.size());
        }
        if (nearest != std::string_view::npos)
            near.emplace_back(nearest, &each);
    }
    std::ranges::sort(near); // pointers into one array: by position among equals
    near.resize(std::min<std::size_t>(near.size(), 3));
    std::string text = "'" + printable(name) + "' is not a field of " + root_;
    for (auto const& each : near)
        text += (&each == &near.front() ? "; is it " : " or ") + shown_field(*each.second);
    return text + (near.empty() ? "" : "?");
}

named_column column_of(std::string_view text) {
    std::size_t const equals = text.find('=');
    if (text.starts_with("{{") || equals == text.npos || equals == 0)
        return {std::string(text), std::string(text)};
    return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

bulk::record_columns columns_of(field_names const& known, std::vector<named_column> const& chosen) {
    std::vector<bulk::record_column> columns;
    std::string wrong;
    for (named_column const& each : chosen) {
        if (each.field == "*") {
            for (auto const& field : known.all())
                if (field.statement)
                    columns.push_back(bulk::statement_column(
                        field.internalName.value_or(field.name), *field.statement));
            continue;
        }
        std::optional<std::string> const statement = known.statement_of(each.field);
        if (statement)
            columns.push_back(bulk::statement_column(each.key, *statement));
        else
            wrong += (wrong.empty() ? "" : "; ") + known.complaint_about(each.field);
    }
    if (!wrong.empty())
        throw ending(exit_code::refused, wrong);
    return bulk::record_columns(std::move(columns));
}

namespace {

/// Translates one filter.
class filter_reader {
public:
    filter_reader(field_names const& known, std::string_view text) : known_(known), text_(text) {}

    std::string read() {
        while (at_ != text_.size()) {
            char const c = text_[at_];
            if (c == '\'') {
                quoted(c, true);
                after_operator_ = false;
            } else if (c == '"') {
                name(quoted(c, false));
            } else if (text_.substr(at_, 2) == "{{") {
                std::size_t const end = text_.find("}}", at_);
                if (end == text_.npos)
                    throw bad_usage("--where: '{{' without '}}'");
                out_ += '\'' + std::string(text_.substr(at_, end + 2 - at_)) + '\'';
                at_ = end + 2;
                after_operator_ = false;
            } else if (std::string_view("=<>~!").find(c) != std::string_view::npos) {
                out_ += c;
                ++at_;
                after_operator_ = true;
            } else if (is_of_word(c)) {
                word();
            } else {
                out_ += c;
                ++at_;
            }
        }
        return std::move(out_);
    }

private:
    static bool is_of_word(char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' ||
               c == ':' || static_cast<unsigned char>(c) >= 0x80;
    }
    /// Takes a quoted text; copies it with its quotes if `copied`.
    std::string quoted(char quote, bool copied) {
        std::size_t const end = text_.find(quote, at_ + 1);
        if (end == text_.npos)
            throw bad_usage(std::string("--where: ") + quote + " is not closed");
        std::string const inside(text_.substr(at_ + 1, end - at_ - 1));
        if (copied)
            out_ += '\'' + inside + '\'';
        at_ = end + 1;
        return inside;
    }
    void word() {
        std::size_t end = at_;
        while (end != text_.size() && is_of_word(text_[end]))
            ++end;
        // "Account.Field(M_CompanyName)"
        std::string_view const part = text_.substr(at_, end - at_);
        if (part.ends_with(".Field") && end != text_.size() && text_[end] == '(')
            end = std::min(text_.find(')', end), text_.size() - 1) + 1;
        std::string const found(text_.substr(at_, end - at_));
        at_ = end;
        std::string upper = found;
        for (char& c : upper)
            c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        if (std::exchange(after_operator_, false))
            out_ += '\'' + found + '\''; // a value without quotes
        else if (upper == "AND" || upper == "OR" || upper == "NOT" || upper == "EXISTS" ||
                 upper == "STATUS")
            out_ += upper;
        else
            name(found);
    }
    void name(std::string const& found) {
        if (std::exchange(after_operator_, false)) {
            out_ += '\'' + found + '\'';
            return;
        }
        std::optional<std::string> const statement = known_.statement_of(found);
        if (!statement)
            throw ending(exit_code::refused, "--where: " + known_.complaint_about(found));
        out_ += '\'' + *statement + '\'';
    }

    field_names const& known_;
    std::string_view text_;
    std::size_t at_ = 0;
    bool after_operator_ = false;
    std::string out_;
};

} // namespace

std::string filter_text(field_names const& known, std::string_view text) {
    return filter_reader(known, text).read();
}

} // namespace cli
