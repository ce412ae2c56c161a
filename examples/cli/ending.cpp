// SPDX-License-Identifier: BSL-1.0
#include "ending.hpp"

#include <boost/system/errc.hpp>

#include "text.hpp"
#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <new>
#include <system_error>

namespace cli {

char const* const exit_codes_text =
    R"(Exit status:
  0  complete
  1  complete, but the service rejected rows or values of rows
  2  the arguments are wrong; nothing was sent
  3  refused: credentials, permission, unknown fields, or a file that does not fit
  4  incomplete; the same command resumes
  5  failed: incomplete or not proven, and cannot be resumed
  128 + n  ended at once by a second signal n; what could be resumed still can be)";

namespace {

bool is_among(bulk::error_code const& code, std::initializer_list<bulk::errc> these) {
    return std::ranges::any_of(
        these, [&](bulk::errc each) { return code == bulk::make_error_code(each); });
}

/// Statuses of 400 to 499 after which the same request may succeed: time-outs, a full staging area,
/// and too many requests.
bool is_temporary_status(int status) {
    return status == 408 || status == 412 || status == 413 || status == 429;
}

bool is_refusal(bulk::failure const& why) {
    using enum bulk::errc;
    if (why.code == bulk::condition::bad_credentials || why.code == bulk::condition::bad_data)
        return true;
    if (why.code.category() == bulk::http_category())
        return why.code.value() >= 400 && why.code.value() < 500 &&
               !is_temporary_status(why.code.value());
    return is_among(why.code, {untrusted_host, token_store_failed, invalid_checkpoint, invalid_mark,
                               store_lacks_rows, other_export, already_complete, governor_failed});
}

} // namespace

bool caused_by(bulk::failure const& why, int error_number) {
    return why.info.detail.find(std::generic_category().message(error_number)) != std::string::npos;
}

exit_code code_of(bulk::failure const& why, resuming how) {
    using enum bulk::errc;
    exit_code const incomplete =
        how == resuming::possible ? exit_code::resumable : exit_code::failed;
    if (is_refusal(why))
        return exit_code::refused;
    if (is_among(why.code, {journal_failed, store_failed})) {
        for (char const* const words : {"disk is full", "disk I/O error"}) // as SQLite says it
            if (why.info.detail.find(words) != std::string::npos)
                return incomplete;
        for (int const error : {ENOSPC, EFBIG, EDQUOT, EIO, EPIPE})
            if (caused_by(why, error))
                return incomplete;
        return exit_code::refused;
    }
    bool const temporary =
        why.code == bulk::condition::try_later ||
        (why.code.category() == bulk::http_category() && is_temporary_status(why.code.value())) ||
        why.code == boost::system::errc::operation_canceled ||
        is_among(why.code, {outcome_unknown, deadline_exceeded, in_use});
    return temporary ? incomplete : exit_code::failed;
}

ending ending_of(std::exception const& thrown) {
    if (auto const own = dynamic_cast<ending const*>(&thrown))
        return *own;
    if (dynamic_cast<bad_usage const*>(&thrown))
        return {exit_code::usage, thrown.what()};
    if (auto const of_library = dynamic_cast<bulk::error const*>(&thrown)) {
        bulk::failure const& why = of_library->get_failure();
        if (why.code == boost::system::errc::operation_canceled)
            return {exit_code::failed, "interrupted"};
        return {code_of(why, resuming::impossible), why.message()};
    }
    if (dynamic_cast<std::bad_alloc const*>(&thrown))
        return {exit_code::failed, "not enough memory"};
    return {exit_code::failed, printable(thrown.what())};
}

} // namespace cli
