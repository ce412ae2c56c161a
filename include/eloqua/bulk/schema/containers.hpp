// SPDX-License-Identifier: BSL-1.0
/// \file
/// What holds records: lists, segments, filters, e-mail groups, instances of app services. Filters
/// and sync actions refer to them.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/path.hpp>

#include <boost/throw_exception.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk {

namespace detail {

[[noreturn]] inline void refuse_container(std::string_view kind, std::string const& name) {
    boost::throw_exception(error(
        failure(errc::invalid_argument, "'" + name + "' names no " + std::string(kind),
                "ids are positive integers, GUIDs 32 hexadecimal digits with or without dashes")));
}

} // namespace detail

/// A container with an id. Its constructor throws `error` with `errc::invalid_argument` for an id
/// that is not positive.
template <fixed_string Kind>
class numbered_container {
public:
    explicit numbered_container(bulk::id i) : id_(i) {
        if (i <= 0)
            detail::refuse_container(Kind, std::to_string(i));
    }
    bulk::id id() const { return id_; }
    /// "{{ContactList[123]}}"
    std::string statement() const {
        return "{{" + std::string(Kind) + "[" + std::to_string(id_) + "]}}";
    }

private:
    bulk::id id_;
};

using contact_list = numbered_container<"ContactList">;
using contact_segment = numbered_container<"ContactSegment">;
using contact_filter = numbered_container<"ContactFilter">;
using account_list = numbered_container<"AccountList">;
using email_group = numbered_container<"EmailGroup">;

/// An instance of an app's service, or one execution of it. Its constructor throws `error` with
/// `errc::invalid_argument` for what is not a GUID and for an execution that is not positive.
template <fixed_string Kind>
class service_instance {
public:
    explicit service_instance(std::string_view guid,
                              std::optional<bulk::id> execution = std::nullopt)
        : execution_(execution) {
        for (char c : guid) {
            bool const digit =
                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (digit)
                guid_ += c;
            else if (c != '-')
                detail::refuse_container(Kind, std::string(guid));
        }
        if (guid_.size() != 32)
            detail::refuse_container(Kind, std::string(guid));
        if (execution && *execution <= 0)
            detail::refuse_container(Kind, std::to_string(*execution));
    }
    /// "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}"
    std::string statement() const {
        std::string text = "{{" + std::string(Kind) + "(" + guid_ + ")";
        if (execution_)
            text += ".Execution[" + std::to_string(*execution_) + "]";
        return text + "}}";
    }

private:
    std::string guid_; ///< without dashes, as statements have it
    std::optional<bulk::id> execution_;
};

using app_action = service_instance<"ActionInstance">;
using app_decision = service_instance<"DecisionInstance">;
using app_feeder = service_instance<"FeederInstance">;
using app_content = service_instance<"ContentInstance">;

/// An instance of an old cloud connector. Its constructor throws `error` with
/// `errc::invalid_argument` for an id that is not positive.
class cloud_connector {
public:
    explicit cloud_connector(bulk::id i) : id_(i) {
        if (i <= 0)
            detail::refuse_container("cloud connector", std::to_string(i));
    }
    /// "CloudConnectorStatus(77)", which is how a filter's STATUS has it.
    std::string statement() const { return "CloudConnectorStatus(" + std::to_string(id_) + ")"; }

private:
    bulk::id id_;
};

} // namespace eloqua::bulk
