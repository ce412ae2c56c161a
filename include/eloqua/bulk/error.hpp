// SPDX-License-Identifier: BSL-1.0
/// \file
/// Errors: a `failure` is an `error_code` with `diagnostics`; `result<T>` holds a value or a
/// failure; `error` is the exception that `result::value()` throws.
#pragma once

#include <eloqua/bulk/detail/text/shown.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

using boost::system::error_code;

/// Whether messages and JSON reports show values of rows, which are personal data.
enum class row_values : unsigned char {
    shown,  ///< in quotes
    hidden, ///< described only
};

namespace detail {

/// The value of a row as messages show it: quoted, or not at all.
inline std::string shown_value(std::string_view text, row_values how) {
    return how == row_values::hidden ? "a value that is not shown"
                                     : '"' + shown(text, shown_of_value) + '"';
}

} // namespace detail

struct import_totals;

/// Error codes of the library. HTTP statuses and ELQ codes have categories of their own.
enum class errc {
    invalid_argument = 1, ///< a definition, id, limit or option that is out of range
    invalid_filter,       ///< a filter that cannot be encoded, or is too long
    invalid_row,          ///< a member of a row to import cannot be encoded
    row_too_large,        ///< a single row exceeds the size limit of a request
    not_authenticated,    ///< the login service refused the credentials
    untrusted_host,     ///< the login service returned a host that must not receive the credentials
    malformed_response, ///< the response violates the API's contract
    response_too_large, ///< the response exceeds the size limit of a document
    invalid_value,      ///< a value of an exported row does not fit its member
    request_too_large,  ///< the body exceeds 32 MB (the service responds to that with 404)
    outcome_unknown,    ///< it is unknown whether the request was executed
    deadline_exceeded,  ///< the operation exceeded its time limit
    sync_failed,        ///< the sync ended in `error`
    rows_missing,       ///< the service promises more rows but returns none
    short_page,         ///< a page has fewer rows than required
    total_changed,      ///< `totalResults` differs between pages of one sync
    count_mismatch,     ///< the number of rows delivered differs from that in the sync's log
    /// The number of rows is the maximum of such an export, so some may be missing.
    rows_cut_off,
    not_finished, ///< available only after the end
    /// The service's counts of an import contradict each other or those of the library.
    unbalanced,
    /// The store of OAuth tokens cannot be read or written, or is not secure.
    token_store_failed,
    /// Not a checkpoint, or a checkpoint with other columns or of another sync.
    invalid_checkpoint,
    sync_gone,         ///< the sync to resume has expired, or belongs to another instance
    rows_reordered,    ///< the row before an interruption has changed when requested again
    duplicate_row,     ///< two rows have the same value in a column that must be unique
    too_many_rows,     ///< a page has more rows than the stated total
    empty_page,        ///< a page without rows says that more follow
    journal_failed,    ///< a journal cannot be read or written, or belongs to something else
    fields_do_not_fit, ///< the row type or the columns do not match the instance's fields
    rows_unaccounted,  ///< the service accounts for other rows than the import sent
    unproven,          ///< the service does not account for all rows of an import
    /// A store of exported rows cannot be read or written, or refused a row; for stores of the
    /// caller, see `checkpointed_sink`.
    store_failed,
    /// A range or function of the caller threw an exception; see `diagnostics::thrown`.
    callback_threw,
    governor_failed,    ///< the file of a `shared_governor` cannot be used
    window_too_full,    ///< the smallest window of an export by windows has too many rows
    rows_not_requested, ///< an export has rows that its filter excludes
    invalid_mark,       ///< a mark of changes that cannot be read, or belongs to something else
    store_lacks_rows,   ///< a store does not have the rows that its mark says were exported
    other_export,       ///< a file or store has a part, or the rows, of an export of something else
    in_use,             ///< another process or object uses the file or the table
    already_complete,   ///< the journal is that of an import that is complete
};

/// Classifies failures independently of their exact code. Compare as in `if (failure.code ==
/// condition::try_later)`.
enum class condition {
    try_later = 1,   ///< the same call may succeed later: overload, timeout, lost connection
    bad_credentials, ///< the service does not accept the credentials
    bad_data,        ///< the caller's definition, filter or rows are wrong
    /// The rows of an export, or what the service says of them, are wrong. The same sync may return
    /// the same again, so a new export is the remedy if resuming does not help.
    wrong_rows,
};

} // namespace eloqua::bulk

/// \cond
template <>
struct boost::system::is_error_code_enum<eloqua::bulk::errc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<eloqua::bulk::condition> : std::true_type {};
/// \endcond

namespace eloqua::bulk {

namespace detail {

// The categories are never deleted, and a virtual destructor would destroy them before others use
// them for the last time.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif

/// An error category that gets its messages from a function.
class worded_category : public boost::system::error_category {
public:
    using words = std::string (*)(int value);
    constexpr worded_category(char const* name, words of) : name_(name), of_(of) {}
    char const* name() const noexcept override { return name_; }
    std::string message(int value) const override { return of_(value); }

private:
    char const* name_;
    words of_;
};

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/// The message of an enumerator.
template <class Enum>
struct meaning {
    Enum value;
    char const* words;
};
template <class Enum, std::size_t N>
std::string words_among(meaning<Enum> const (&all)[N], int value, char const* otherwise) {
    for (meaning<Enum> const& each : all)
        if (static_cast<int>(each.value) == value)
            return each.words;
    return otherwise;
}

inline constexpr meaning<errc> errc_meanings[] = {
    {errc::invalid_argument, "invalid argument"},
    {errc::invalid_filter, "the filter cannot be sent"},
    {errc::invalid_row, "a row to import cannot be encoded"},
    {errc::row_too_large, "a row is larger than a request may be"},
    {errc::not_authenticated, "the credentials were refused"},
    {errc::untrusted_host, "the login service named an untrusted host"},
    {errc::malformed_response, "the response is malformed"},
    {errc::response_too_large, "the response is too large"},
    {errc::invalid_value, "a value does not fit its member"},
    {errc::request_too_large, "the request is larger than 32 MB"},
    {errc::outcome_unknown, "it is unknown whether the request was carried out"},
    {errc::deadline_exceeded, "the deadline has passed"},
    {errc::sync_failed, "the sync failed"},
    {errc::rows_missing, "rows are missing or may be missing"},
    {errc::short_page, "a page has too few rows"},
    {errc::total_changed, "the number of rows changed between pages"},
    {errc::count_mismatch, "the number of rows differs from the sync's log"},
    {errc::rows_cut_off, "the export may have been cut off"},
    {errc::not_finished, "not finished"},
    {errc::unbalanced, "the counts of the import do not add up"},
    {errc::token_store_failed, "the token store failed"},
    {errc::invalid_checkpoint, "the checkpoint does not match"},
    {errc::sync_gone, "the sync or its data no longer exists"},
    {errc::rows_reordered, "the order of the rows changed"},
    {errc::duplicate_row, "a row was received twice"},
    {errc::too_many_rows, "more rows were received than the export has"},
    {errc::empty_page, "an empty page announced more rows"},
    {errc::journal_failed, "the journal failed"},
    {errc::fields_do_not_fit, "the columns do not fit the instance's fields"},
    {errc::rows_unaccounted, "the service does not account for the rows that were sent"},
    {errc::unproven, "the service does not say what happened to the rows"},
    {errc::store_failed, "the store of rows failed"},
    {errc::callback_threw, "a range or function of the caller threw an exception"},
    {errc::governor_failed, "the governor failed"},
    {errc::window_too_full, "a window of time has too many rows for one export"},
    {errc::rows_not_requested, "the export has rows that its filter excludes"},
    {errc::invalid_mark, "the mark of changes does not match"},
    {errc::store_lacks_rows, "the store lacks rows that were exported before"},
    {errc::other_export, "a part of another export is stored"},
    {errc::in_use, "the file or table is in use"},
    {errc::already_complete, "the import was complete already"},
};
static_assert(std::size(errc_meanings) == static_cast<std::size_t>(errc::already_complete));

inline std::string words_of_errc(int value) {
    return words_among(errc_meanings, value, "unknown error");
}
inline std::string words_of_http(int value) {
    return "HTTP status " + std::to_string(value);
}
inline std::string words_of_elq(int value) {
    std::string const digits = std::to_string(value);
    return "ELQ-" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

} // namespace detail

/// The category of `errc`.
inline boost::system::error_category const& library_category() noexcept {
    static detail::worded_category const instance("eloqua.bulk", &detail::words_of_errc);
    return instance;
}

/// The category whose values are HTTP statuses.
inline boost::system::error_category const& http_category() noexcept {
    static detail::worded_category const instance("http", &detail::words_of_http);
    return instance;
}

/// The category whose values are the numbers of Eloqua's codes, such as 107 for ELQ-00107.
inline boost::system::error_category const& elq_category() noexcept {
    static detail::worded_category const instance("eloqua", &detail::words_of_elq);
    return instance;
}

/// Makes the enumerator an error code.
inline error_code make_error_code(errc code) noexcept {
    return error_code(static_cast<int>(code), library_category());
}

namespace detail {

/// Whether a code is one of the given ones.
inline bool is_among(error_code const& code, std::initializer_list<errc> these) noexcept {
    return std::ranges::any_of(these, [&](errc each) { return code == make_error_code(each); });
}

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#endif

class condition_category_impl final : public worded_category {
public:
    constexpr condition_category_impl()
        : worded_category("eloqua.bulk.condition", [](int value) {
              return words_among<condition>({{condition::try_later, "try again later"},
                                             {condition::bad_credentials, "bad credentials"},
                                             {condition::bad_data, "bad data"},
                                             {condition::wrong_rows, "wrong rows"}},
                                            value, "unknown condition");
          }) {}
    bool equivalent(error_code const& code, int value) const noexcept override {
        switch (static_cast<condition>(value)) {
        case condition::try_later:
            return try_later(code);
        case condition::bad_credentials:
            return code == make_error_code(errc::not_authenticated) || is_http(code, 401) ||
                   is_http(code, 403);
        case condition::bad_data:
            return bad_data(code);
        case condition::wrong_rows:
            return wrong_rows(code);
        }
        return false;
    }

private:
    static bool is_http(error_code const& code, int status) noexcept {
        return code == error_code(status, http_category());
    }
    static bool try_later(error_code const& code) noexcept {
        if (code.category() == http_category())
            return code.value() == 429 || code.value() >= 500;
        if (code.category() == elq_category())
            return code.value() == 145 || code.value() == 146;
        if (code.category() == library_category())
            return code == make_error_code(errc::deadline_exceeded);
        // The remaining codes are the transport's: connections and name resolution.
        std::string_view const category = code.category().name();
        return code && code != boost::system::errc::operation_canceled && category != "asio.ssl" &&
               category != "tls.certificate" &&
               (category != "eloqua.bulk.proxy" || code.value() >= 500);
    }
    static bool bad_data(error_code const& code) noexcept {
        return is_http(code, 400) ||
               is_among(code, {errc::invalid_argument, errc::invalid_filter, errc::invalid_row,
                               errc::row_too_large, errc::request_too_large, errc::invalid_value,
                               errc::fields_do_not_fit});
    }
    static bool wrong_rows(error_code const& code) noexcept {
        return is_among(code, {errc::malformed_response, errc::response_too_large,
                               errc::rows_missing, errc::short_page, errc::total_changed,
                               errc::count_mismatch, errc::rows_reordered, errc::duplicate_row,
                               errc::too_many_rows, errc::empty_page});
    }
};

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

} // namespace detail

/// The category of `condition`.
inline boost::system::error_category const& condition_category() noexcept {
    static detail::condition_category_impl const instance;
    return instance;
}

/// Makes the enumerator an error condition.
inline boost::system::error_condition make_error_condition(condition value) noexcept {
    return boost::system::error_condition(static_cast<int>(value), condition_category());
}

/// One entry of the `failures` list by which the service explains a 400 response.
struct validation_failure {
    std::string field; ///< name of the property that is wrong
    std::string value; ///< the value sent, as JSON text; empty if the service does not return it
    std::string constraint; ///< the rule that it breaks, in the service's words
};

/// Details of a failure. They never contain credentials.
struct diagnostics {
    std::string request;                      ///< "GET https://host/path"; empty without a request
    int status = 0;                           ///< HTTP status; 0 without a response
    std::string server;                       ///< the server's message, shortened
    std::vector<validation_failure> failures; ///< the service's objections to a definition
    std::string detail;                       ///< the row, member, count or limit in question
    std::string advice;                       ///< what to do about it
    unsigned attempts = 0;                    ///< number of attempts to send the request
    /// No byte of the request was sent, so the server has certainly not executed it.
    bool unsent = false;
    /// What an import had done when it failed; null for other operations. `report_so_far` returns
    /// it with the rejects.
    std::shared_ptr<import_totals const> import_so_far = nullptr;
    void const* import_row = nullptr; ///< identifies the row type of that import
    /// The exception that a range or function of the caller threw in an asynchronous operation;
    /// null otherwise. `result::value()` rethrows it. A blocking operation lets exceptions
    /// through.
    std::exception_ptr thrown = nullptr;
};

/// The reason why an operation failed.
struct failure {
    error_code code;  ///< what went wrong
    diagnostics info; ///< where and why

    failure() = default;
    // Not default arguments: inside a co_await expression, g++ 12 would copy them bitwise.
    /// @{
    /// From an error code, with or without its circumstances. `detail` is the cause in words,
    /// `advice` what the user can do about it.
    explicit failure(error_code c) : code(c) {}
    failure(error_code c, diagnostics d) : code(c), info(std::move(d)) {}
    explicit failure(errc c) : code(make_error_code(c)) {}
    failure(errc c, std::string detail) : code(make_error_code(c)) {
        info.detail = std::move(detail);
    }
    failure(errc c, std::string detail, std::string advice) : failure(c, std::move(detail)) {
        info.advice = std::move(advice);
    }
    /// @}

    /// Everything in one line, for logs.
    std::string message() const {
        std::string text = code.message();
        auto add = [&text](std::string_view separator, std::string_view more) {
            if (!more.empty())
                text.append(separator).append(more);
        };
        add(": ", info.detail);
        if (!info.request.empty()) {
            add(" [", info.request);
            if (info.status)
                add(" -> ", std::to_string(info.status));
            if (info.attempts > 1)
                add(", attempts: ", std::to_string(info.attempts));
            text += ']';
        }
        for (validation_failure const& each : info.failures) {
            add("; ", each.field.empty() ? "definition" : each.field);
            add(" = ", each.value);
            add(": ", each.constraint);
        }
        if (info.failures.empty())
            add("; the server says: ", info.server);
        add("; ", info.advice);
        return text;
    }
};

/// A value or a failure. `value()` throws `error`.
template <class T>
using result = boost::system::result<T, failure>;

/// A failure as an exception.
class error : public boost::system::system_error {
public:
    /// From a failure, which it contains.
    explicit error(failure f)
        : system_error(f.code), failure_(std::move(f)), what_(failure_.message()) {}

    /// The failure's message, in one line.
    char const* what() const noexcept override { return what_.c_str(); }
    /// The circumstances of the failure.
    diagnostics const& info() const noexcept { return failure_.info; }
    /// The failure, as `result<T>` returns it.
    bulk::failure const& get_failure() const noexcept { return failure_; }

private:
    bulk::failure failure_;
    std::string what_;
};

namespace detail {

/// The failure for an exception that an operation threw.
inline failure failure_of(std::exception_ptr const& thrown) {
    failure f(errc::callback_threw);
    f.info.thrown = thrown;
    try {
        std::rethrow_exception(thrown);
    } catch (std::bad_alloc const&) {
        f.code = make_error_code(boost::system::errc::not_enough_memory);
    } catch (std::exception const& e) {
        f.info.detail = shown(e.what());
    } catch (...) {
        f.info.detail = "the exception is not a std::exception";
    }
    return f;
}

} // namespace detail

/// Called by `result<T>::value()`.
[[noreturn]] inline void throw_exception_from_error(failure const& f,
                                                    boost::source_location const& where) {
    if (f.info.thrown)
        std::rethrow_exception(f.info.thrown);
    boost::throw_exception(error(f), where);
}

} // namespace eloqua::bulk
