// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/entity.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// A field to add to an entity of a simulator.
struct simulated_field {
    std::int64_t id = 0;                    ///< 0: the next free one
    std::string name;                       ///< display name
    std::string internal_name;              ///< name in statements
    data_type type = data_type::string;     ///< type of the values
    bool read_only = false;                 ///< whether imports cannot write it
    bool required = false;                  ///< whether new records need a value
    bool unique = false;                    ///< whether no two records may have the same value
    bool large_text = false;                ///< up to 32,000 characters; cannot identify records
    update_rule rule = update_rule::always; ///< the meaning of `useFieldRule` for this field
    /// Text, whatever the type. If it is not a value of the type, it is only listed. See
    /// `simulator_options::default_values`.
    std::optional<std::string> default_value;

    simulated_field() = default;
    /// With an internal name, which is also the display name.
    explicit simulated_field(std::string internal, data_type t = data_type::string,
                             std::int64_t number = 0)
        : id(number), name(internal), internal_name(std::move(internal)), type(t) {}
    /// From a field description of the service. An unknown type becomes text.
    explicit simulated_field(field_definition const& d)
        : name(d.name), internal_name(d.internalName.value_or(d.name)),
          type(d.dataType.value_or(data_type::string).known().value_or(data_type::string)),
          read_only(d.hasReadOnlyConstraint.value_or(false)),
          required(d.hasNotNullConstraint.value_or(false)),
          unique(d.hasUniquenessConstraint.value_or(false)), default_value(d.defaultValue) {
        if (auto const number = id_of(d))
            id = *number;
    }
};

/// Something that a simulator could not copy from an entry of a list of fields.
struct field_note {
    std::size_t entry = 0; ///< from 1
    std::string field;     ///< its internal name, or else its display name
    std::string text;      ///< "its id 100003 is that of C_LastName"
    bool used = false;     ///< whether the rest of the entry was copied

    /// Writes the note as one line.
    friend std::ostream& operator<<(std::ostream& out, field_note const& n) {
        out << "entry " << n.entry;
        if (!n.field.empty())
            out << ", " << n.field;
        return out << (n.used ? ": " : ", is not used: ") << n.text;
    }
    /// Compares all members.
    friend bool operator==(field_note const&, field_note const&) = default;
};

} // namespace eloqua::bulk
