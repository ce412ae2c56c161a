// SPDX-License-Identifier: BSL-1.0
// Sends the rows of an import.
#include <eloqua/bulk/rejects.hpp>
#include <eloqua/bulk/sync_actions.hpp>

#include "import_command.hpp"
#include "input_records.hpp"
#include <concepts>
#include <type_traits>

namespace cli {

bulk::result<bulk::import_report<bulk::record>> send_rows(bulk::client const& client,
                                                          checked_import const& job,
                                                          input_records& rows, reject_log& rejects,
                                                          std::stop_token const& stop) {
    auto const sink = bulk::rejects_to(
        [&rejects](bulk::import_reject<bulk::record> const& r) { rejects.take(r); });
    return visit_importable(
        job.entity, [&](auto const& of) -> bulk::result<bulk::import_report<bulk::record>> {
            using entity = std::remove_cvref_t<decltype(of)>;
            auto const send = [&](auto const&... settings) {
                return client
                    .import_records(of, job.columns.columns, job.columns.identifier, rows,
                                    job.options, sink, settings...)
                    .get(stop);
            };
            if constexpr (std::same_as<entity, bulk::contacts_t>) {
                if (job.add_to_list)
                    return send(bulk::add_to(bulk::contact_list(*job.add_to_list)));
            } else if constexpr (std::same_as<entity, bulk::accounts_t>) {
                if (job.add_to_list)
                    return send(bulk::add_to(bulk::account_list(*job.add_to_list)));
            }
            return send();
        });
}

} // namespace cli
