// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to .*import_rows[\s\S]*(has_needed_setting|importable_by_rows)
// Links of opportunities without a setting that says what is linked by which columns.
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct deal_link {
    std::string deal, who;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&deal_link::deal, "Id">,
                     bulk::attribute<&deal_link::who, "Contact.Field(C_EmailAddress)">>;
};
BOOST_DESCRIBE_STRUCT(deal_link, (), (deal, who))

[[maybe_unused]] auto import(bulk::client const& client, std::vector<deal_link> const& rows) {
    return client.import_rows(bulk::opportunity_contacts, bulk::identified_by<&deal_link::deal>,
                              rows, {}
#ifndef REFUSE
                              ,
                              bulk::opportunity_linkage()
#endif
    );
}
