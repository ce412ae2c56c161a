// SPDX-License-Identifier: BSL-1.0
/// \file
/// Eloqua's ELQ codes, as far as the library gives them a meaning. They stand in logs and rejects.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <charconv>
#include <optional>
#include <string_view>

namespace eloqua::bulk {

/// An ELQ code; the value is its number. Codes not named here are as valid.
enum class elq : int {
    records_processed = 1,
    invalid_email_address = 2,
    remaining_after_duplicates = 3,
    contacts_created = 4,
    accounts_created = 5,
    custom_object_data_created = 7,
    duplicate_email_address = 11,
    custom_object_data_updated = 12,
    contacts_updated = 22,
    accounts_updated = 23,
    duplicate_identifier = 26,
    malformed_record = 32,
    unmatched_record = 34,
    rejected_fields_only = 40, ///< the row was taken, without the fields in `invalidFields`
    contact_already_exists = 48,
    empty_record = 59,
    records_rejected = 60,
    missing_fields = 61,
    sync_processed = 101,
    members_exported = 102, ///< its count is the number of rows of an export
    converted = 106,
    error_processing = 107,
    field_ignored = 111,
    field_missing = 121,
    no_data = 124,
    no_fields = 126,
    no_mapped_fields = 127,
    records_staged = 130,
    staging_deleted = 131,
    multiple_match_limit = 135,
    storage_limit = 136,
    ready_for_processing = 137,
    definition_deleted = 143,
    records_with_rejected_fields = 144,
    retried_automatically = 145,
    temporary_error = 146, ///< retry the sync after an hour
};

inline error_code make_error_code(elq code) noexcept {
    return error_code(static_cast<int>(code), elq_category());
}

/// Reads "ELQ-00102". Empty for any other text.
[[nodiscard]] inline std::optional<elq> parse_elq(std::string_view text) {
    int number = 0;
    if (!text.starts_with("ELQ-") || text.size() == 4)
        return std::nullopt;
    text.remove_prefix(4);
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc() || end != text.data() + text.size() || number <= 0)
        return std::nullopt;
    return static_cast<elq>(number);
}

} // namespace eloqua::bulk

template <>
struct boost::system::is_error_code_enum<eloqua::bulk::elq> : std::true_type {};
