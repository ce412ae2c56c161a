// SPDX-License-Identifier: BSL-1.0
// The options of simulate.
#include "commands.hpp"
#include "simulate.hpp"

namespace cli {

void add_simulate_command(CLI::App& to, choice& chosen) {
    auto const of = std::make_shared<simulate_arguments>();
    CLI::App* const command =
        to.add_subcommand("simulate", "Runs a simulated Eloqua on a local port until it is "
                                      "interrupted, and shows how to use it.");
    command->set_help_flag("--help", "shows this text");
    command->footer(simulate_help());
    auto const option = [&](std::string const& flag, std::string& value, std::string const& type,
                            std::string const& text) {
        command->add_option(flag, value, text)->type_name(type);
    };
    option("--port", of->port, "P",
           "port of 127.0.0.1 to listen on; 0, the default, picks a free one");
    command->add_flag("--tls", of->tls, "HTTPS, with a new certificate authority");
    option("--company", of->company, "NAME", "company name of the credentials (default Company)");
    option("--user", of->user, "NAME", "user name of the credentials (default user)");
    option("--password-env", of->password_env, "V",
           "environment variable that has the password; the default password is \"secret\"");
    option("--oauth", of->oauth, "ID:URI",
           "client id and redirect URI of the OAuth application (default "
           "app:https://client.example.com/cb)");
    option("--oauth-secret-env", of->oauth_secret_env, "V",
           "environment variable that has the client secret; the default secret is \"secret\"");
    option("--contacts", of->contacts, "N", "contacts (default 1000)");
    option("--accounts", of->accounts, "N", "accounts; contacts name the first 1000");
    option("--records", of->records, "N",
           "records of custom object 501, linked to one contact after the other");
    option("--activities", of->activities, "N", "activities of the contacts, over the last year");
    option("--activity-type", of->activity_type, "TYPE",
           "type of the activities, such as EmailOpen; by default they are of all types");
    command
        ->add_option(
            "--fields", of->fields,
            "fields of a real instance: JSON, either a response to GET /contacts/fields or "
            "the array of its items, as of 'eloqua-bulk fields --json'; lists of other "
            "entities too. A field replaces the one with its internal name, and keeps its "
            "id. Unusable entries are reported. May be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->take_all();
    option("--page-delay", of->page_delay, "MS", "milliseconds of delay before each page of rows");
    command->add_flag("--gzip", of->gzip, "compresses responses for clients that accept it");
    option("--oddities", of->oddities, "LIST", "names from the list below, separated by commas");
    command->add_option("--fault", of->faults, "faults to inject, see below; may be repeated")
        ->type_name("SCRIPT")
        ->expected(1)
        ->take_all();
    option("--fault-seed", of->fault_seed, "N",
           "injects random faults, of all kinds that a client survives by retrying; the same "
           "requests get the same faults again");
    command->callback([of, &chosen] {
        chosen.silent = true;
        chosen.run = [of, &chosen] { return run_simulate(*of, chosen.common.stop); };
    });
}

} // namespace cli
