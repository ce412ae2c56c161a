// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/schema/open_enum.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>
#include <string>

namespace eloqua::bulk {

enum class sync_action_kind { add, remove, setStatus };
BOOST_DESCRIBE_ENUM(sync_action_kind, add, remove, setStatus)

enum class member_status {
    bounced,
    subscribed,
    unsubscribed,
    active,
    complete,
    pending,
    errored,
    yes,
    no,
    invalid,
    permission
};
BOOST_DESCRIBE_ENUM(member_status, bounced, subscribed, unsubscribed, active, complete, pending,
                    errored, yes, no, invalid, permission)

/// What a sync does with each of its rows besides moving them. `actions.hpp` makes those that
/// have a meaning.
struct sync_action {
    open_enum<sync_action_kind> action;
    std::string destination; ///< statement of the target, "{{ContactList[123]}}"
    std::optional<open_enum<member_status>> status;
    std::optional<bool> updateAll; ///< the status of all records of an execution
};
BOOST_DESCRIBE_STRUCT(sync_action, (), (action, destination, status, updateAll))

} // namespace eloqua::bulk
