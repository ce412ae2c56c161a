// SPDX-License-Identifier: BSL-1.0
#include "entity_choice.hpp"

#include "ending.hpp"
#include "field_lists.hpp"
#include "text.hpp"
#include <stdexcept>

namespace cli {

std::string text_of(entity_arguments const& words) {
    std::string text = words.name;
    for (std::string const& each : {words.which, words.type})
        text += each.empty() ? "" : " " + each;
    return text;
}

any_entity entity_of(entity_arguments const& words) {
    std::string const& name = words.name;
    bool const typed = name == "activities";
    if (!words.type.empty() && (!typed || !words.which.empty()))
        throw bad_usage(typed ? "the type of activities was given twice"
                              : "--type is only for activities");
    try {
        if (typed) {
            std::string const& type = words.type.empty() ? words.which : words.type;
            return type.empty() ? bulk::activities
                                : bulk::activities_of(field_lists::activity_of(type));
        }
        if (name == "customObjects")
            return bulk::custom_object(field_lists::id_of(name, words.which));
        if (name == "events")
            return bulk::event(field_lists::id_of(name, words.which));
    } catch (std::invalid_argument const& wrong) {
        throw bad_usage(printable(wrong.what()));
    }
    if (!words.which.empty())
        throw bad_usage("'" + printable(name) + "' does not take '" + printable(words.which) + "'");
    if (name == "contacts")
        return bulk::contacts;
    if (name == "accounts")
        return bulk::accounts;
    if (name == "campaignResponses")
        return bulk::campaign_responses;
    if (name == "opportunities")
        return bulk::opportunities;
    throw bad_usage("'" + printable(name) +
                    "' is not one of contacts, accounts, activities TYPE, customObjects ID, "
                    "events ID, campaignResponses, opportunities");
}

std::string root_of(any_entity const& of) {
    return std::visit([](auto const& each) { return std::string(each.statement_root()); }, of);
}

void refuse_exports_of_entity() {
    throw bad_usage("Eloqua has no exports of this entity, only imports");
}
void refuse_imports_of_entity() {
    throw bad_usage("Eloqua has no imports of this entity");
}

} // namespace cli
