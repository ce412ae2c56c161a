// SPDX-License-Identifier: BSL-1.0
/// \file
/// Documents of the objects that the API only reads: fields, lists and others.
#pragma once

#include <eloqua/bulk/documents.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// Data types of fields.
enum class data_type { string, number, date, boolean, emailAddress };
BOOST_DESCRIBE_ENUM(data_type, string, number, date, boolean, emailAddress)

/// One field of an entity. System values such as `{{Contact.Id}}` are not listed as fields.
struct field_definition : audit {
    std::string name;                             ///< display name
    std::optional<std::string> internalName;      ///< name in statements, such as "C_EmailAddress"
    std::optional<open_enum<data_type>> dataType; ///< type of the values
    std::optional<bool> hasReadOnlyConstraint;    ///< whether imports cannot write it
    std::optional<bool> hasNotNullConstraint;     ///< whether a value is required
    std::optional<bool> hasUniquenessConstraint; ///< whether no two records may have the same value
    std::optional<std::string> defaultValue;     ///< text for every type
    std::optional<std::string> statement;        ///< such as "{{Contact.Field(C_EmailAddress)}}"
};
BOOST_DESCRIBE_STRUCT(field_definition, (audit),
                      (name, internalName, dataType, hasReadOnlyConstraint, hasNotNullConstraint,
                       hasUniquenessConstraint, defaultValue, statement))

/// Types of activities.
enum class activity_type {
    EmailSend,
    EmailOpen,
    EmailClickthrough,
    Subscribe,
    Unsubscribe,
    Bounceback,
    FormSubmit,
    PageView,
    WebVisit,
    ExternalActivity,
    SmsSend,
    SmsReply,
    SmsClickthrough
};
BOOST_DESCRIBE_ENUM(activity_type, EmailSend, EmailOpen, EmailClickthrough, Subscribe, Unsubscribe,
                    Bounceback, FormSubmit, PageView, WebVisit, ExternalActivity, SmsSend, SmsReply,
                    SmsClickthrough)

/// A field of activities.
struct activity_field_definition : field_definition {
    /// Types of activities that have the field.
    std::vector<open_enum<activity_type>> activityTypes;
};
BOOST_DESCRIBE_STRUCT(activity_field_definition, (field_definition), (activityTypes))

/// A list of contacts or accounts.
struct list_document : audit {
    std::string name;                     ///< as shown in Eloqua
    std::optional<std::int64_t> count;    ///< number of members
    std::optional<std::string> statement; ///< for filters and sync actions, "{{ContactList[123]}}"
};
BOOST_DESCRIBE_STRUCT(list_document, (audit), (name, count, statement))

/// A segment or a filter of contacts.
struct segment_document : list_document {
    std::optional<timestamp> executedAt; ///< when it was last used
};
BOOST_DESCRIBE_STRUCT(segment_document, (list_document), (executedAt))

/// An e-mail group.
struct email_group_document : audit {
    std::string name;                     ///< as shown in Eloqua
    std::optional<std::string> statement; ///< for sync actions, "{{EmailGroup[7]}}"
};
BOOST_DESCRIBE_STRUCT(email_group_document, (audit), (name, statement))

/// A lead-scoring model. Its fields are read-only, for exports of contacts.
struct lead_score_model : audit {
    std::optional<std::int64_t> id;       ///< number of the model
    std::string name;                     ///< as shown in Eloqua
    std::optional<std::string> status;    ///< such as "Active"
    std::vector<field_definition> fields; ///< its scores, for exports of contacts
};
BOOST_DESCRIBE_STRUCT(lead_score_model, (audit), (id, name, status, fields))

/// A custom object or an event.
struct object_document : audit {
    std::string name;                                ///< as shown in Eloqua
    std::optional<std::string> displayNameFieldUri;  ///< uri of the display field
    std::optional<std::string> uniqueFieldUri;       ///< uri of the unique field
    std::optional<std::string> emailAddressFieldUri; ///< uri of the field with the e-mail address
};
BOOST_DESCRIBE_STRUCT(object_document, (audit),
                      (name, displayNameFieldUri, uniqueFieldUri, emailAddressFieldUri))

/// The order in which data sources are evaluated; configured in Eloqua.
struct import_priority : audit {
    std::string name;                     ///< as configured in Eloqua
    std::optional<std::int64_t> priority; ///< position in the queue
};
BOOST_DESCRIBE_STRUCT(import_priority, (audit), (name, priority))

/// Usage of the storage for rows.
struct storage_use {
    std::optional<std::int64_t> kbUsed;    ///< storage used, in kB
    std::optional<std::int64_t> kbAllowed; ///< 0: unlimited
};
BOOST_DESCRIBE_STRUCT(storage_use, (), (kbUsed, kbAllowed))

} // namespace eloqua::bulk
