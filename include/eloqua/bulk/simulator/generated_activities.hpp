// SPDX-License-Identifier: BSL-1.0
/// \file
/// Activities computed from their index, so any number uses no memory.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/population.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// \cond
namespace simulation {

/// Consecutive series, with the contacts to whom the activities belong.
class activity_population {
public:
    activity_population(std::vector<activity_series> series, record_set contacts,
                        std::size_t email_field)
        : series_(std::move(series)), contacts_(std::move(contacts)), email_(email_field) {
        for (activity_series const& each : series_)
            ends_.push_back(size() + each.count);
    }

    std::int64_t size() const { return ends_.empty() ? 0 : ends_.back(); }
    timestamp at(std::int64_t index) const {
        auto const [series, place] = find(index);
        return series.first + series.every * place;
    }
    position contact(std::int64_t index) const {
        return contacts_.size() == 0 ? no_position
                                     : static_cast<position>(mixed(index, 30) % contacts_.size());
    }
    /// Appends a value if the activity's type has the field.
    void append(std::string_view field, activity_types of, std::int64_t index,
                std::string& out) const {
        auto const [series, place] = find(index);
        if ((of & only(series.type)) == 0)
            return;
        auto const number = [&](std::uint64_t salt, std::uint64_t from, std::uint64_t count) {
            append_number(out, static_cast<std::int64_t>(from + mixed(index, salt) % count));
        };
        if (field == "ActivityType")
            out += boost::describe::enum_to_string(series.type, "");
        else if (field == "EmailAddress" && contact(index) != no_position) {
            std::string scratch;
            out += contacts_.value(contact(index), email_, scratch);
        } else if (field == "AssetType")
            out += asset_type(series.type);
        else if (field == "AssetName") {
            out += asset_type(series.type);
            out += " \"";
            number(31, 1, 40);
            out += "\", spring";
        } else if (field == "AssetId")
            number(31, 1, 40); // of the asset in AssetName
        else if (field == "IpAddress") {
            out += "192.0.2.";
            number(32, 1, 254);
        } else if (field == "SubjectLine")
            out += pick(subjects, index, 33);
        else if (field.ends_with("Url") || field.ends_with("Link")) {
            out += "https://www.example.com/page?n=";
            number(34, 1, 500);
        } else if (field == "EmailSendType")
            out += "Campaign";
        else if (field == "SmtpErrorCode")
            out += "550";
        else if (field == "SmtpStatusCode")
            out += "5.1.1";
        else if (field == "SmtpMessage")
            out += "550 5.1.1 user unknown";
        else if (field == "RawData") {
            out += "elqFormName=Contact&n=";
            number(35, 1, 1'000);
        } else if (field == "IsWebTrackingOptedIn")
            out += "1";
        else if (field == "Duration" || field == "NumberOfPages")
            number(36, 1, 60);
        else if (field.starts_with("Visitor") || field == "EmailDeploymentId" ||
                 field.starts_with("WebVisit") || field == "PageViewSavedId" ||
                 field == "EmailRecipientId")
            number(37 + field.size(), 100'000, 900'000);
    }

private:
    struct place_in_series {
        activity_series const& series;
        std::int64_t place;
    };
    static constexpr std::string_view subjects[] = {
        "News, June", "Ça va?", "50% \"off\"", "", "Последний шанс", "Re:\tyour order"};

    place_in_series find(std::int64_t index) const {
        auto const after = std::ranges::upper_bound(ends_, index);
        auto const number = static_cast<std::size_t>(after - ends_.begin());
        return {series_[number], index - (number == 0 ? 0 : ends_[number - 1])};
    }
    static std::string_view asset_type(activity_type type) {
        activity_types const one = only(type);
        return (one & activity_sets::email) != 0   ? "Email"
               : (one & activity_sets::sms) != 0   ? "SMS"
               : type == activity_type::FormSubmit ? "Form"
                                                   : "Event";
    }

    std::vector<activity_series> series_;
    std::vector<std::int64_t> ends_; ///< of each series
    record_set contacts_;
    std::size_t email_;
};

/// All of these as a population. `fields`: those of activities.
inline population generated_activities(activity_population all,
                                       std::vector<table_field> const& fields) {
    auto const shared = std::make_shared<activity_population const>(std::move(all));
    std::vector<std::pair<std::string, activity_types>> types;
    for (table_field const& each : fields)
        types.emplace_back(*each.definition.internalName, each.types);
    population made;
    made.size = shared->size();
    made.bind = [shared, types](std::string_view field) {
        activity_types of = 0;
        for (auto const& each : types)
            if (each.first == field)
                of = each.second;
        return [shared, of, name = std::string(field)](std::int64_t index, std::string& out) {
            shared->append(name, of, index, out);
        };
    };
    made.created_at = made.updated_at = [shared](std::int64_t i) { return shared->at(i); };
    made.link = [shared](std::int64_t i) { return shared->contact(i); };
    return made;
}

} // namespace simulation
/// \endcond

} // namespace eloqua::bulk
