// SPDX-License-Identifier: BSL-1.0
// Nights of a warehouse load into PostgreSQL, with random faults, over a change of the clocks: in
// the end the database equals the simulated Eloqua, row by row. All that happens follows from the
// seed, so the line about a seed is always the same. tests/databases/check runs it:
//
//     test_databases --run_test=nightly -- --seeds 20
//     test_databases --run_test=nightly -- --seed 17
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_changes.hpp>
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/import_journal.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>

#include "stores.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace stores;
using namespace std::chrono_literals;
using bulk::activity_type;
using bulk::literal_zone;
using std::chrono::sys_days;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

std::string name_of(activity_type type) {
    return boost::describe::enum_to_string(type, "");
}
std::vector<activity_type> all_types() {
    std::vector<activity_type> all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<activity_type>>(
        [&](auto const& each) { all.push_back(each.value); });
    return all;
}
char const* shown_zone(literal_zone zone) {
    return zone == literal_zone::as_exported  ? "as UTC"
           : zone == literal_zone::us_eastern ? "as US Eastern time"
                                              : "as US Eastern time, standard if ambiguous";
}
/// How late the service may record an activity. A little less than the default overlap.
std::chrono::milliseconds latest(activity_type type) {
    return type == activity_type::Bounceback ? std::chrono::milliseconds(71h) : 58min;
}

struct settings {
    std::uint64_t seed = 1;
    literal_zone zone = literal_zone::as_exported;
    sys_days start; ///< the first night is that after this day
    int nights = 4;
    std::optional<std::chrono::seconds> overlap; ///< empty: the default
};

/// Where a process is killed.
struct killed {};

/// Rows of the instance that the database lacks, and rows that it has in addition.
struct difference {
    std::vector<texts> missing, surplus;
};

/// An instance that is used while its data is exported, night after night.
class nights final {
public:
    explicit nights(settings s)
        : settings_(s), random_(s.seed), eloqua_(options_with(s)), plan_(s.seed, rates()) {
        std::string pattern = (std::filesystem::temp_directory_path() / "nightly.XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error("there is no temporary folder");
        folder_ = pattern;
        bulk::governor_options limits;
        limits.exports = exports_per_hour;
        limits.imports = imports_per_hour;
        limits.time_of_day = [this] { return eloqua_.service_time(); };
        governor_ = std::make_shared<bulk::governor>(limits);
        seen_ = std::make_shared<watcher>(*this);
        fill();
        database_.run("CREATE TABLE crm (night int, n int, mail text, city text)");
    }
    nights(nights const&) = delete;
    ~nights() { std::filesystem::remove_all(folder_); }

    void run() {
        eloqua_.intercept([this](bulk::request const& q) { return strike(q); });
        eloqua_.inject(plan_);
        for (int night = 0; night <= settings_.nights; ++night) {
            bool const last = night == settings_.nights;
            working_ = !last;
            change_contacts(night);
            std::vector<job> all{{"import", [this, night] { return import_contacts(night); }}};
            if (last) // so that the exports have what it changes
                work(std::exchange(all, {}));
            all.push_back({"contacts", [this] { return export_contacts(); }});
            for (activity_type const type : all_types())
                all.push_back({name_of(type), [this, type, night] {
                                   return night == 0 ? export_history(type) : export_changes(type);
                               }});
            std::ranges::shuffle(all, random_);
            work(std::move(all));
            if (!last)
                pass(24);
        }
        plan_.calm();
        eloqua_.intercept({});
        check_imports();
    }

    /// Compares the tables with what the instance holds.
    difference compare(activity_type type) {
        std::vector<texts> held;
        auto const columns = columns_of(quiet_client(), type).value();
        for (auto const id : eloqua_.find("/activities", "ActivityType", name_of(type)))
            held.push_back(held_by("/activities", id, columns));
        return differences(std::move(held), name_of(type), columns);
    }
    difference compare_contacts() {
        std::vector<texts> held;
        auto const people = static_cast<std::int64_t>(eloqua_.count("/contacts"));
        for (std::int64_t id = first_id; id != first_id + people; ++id)
            held.push_back(held_by("/contacts", id, contact_columns()));
        return differences(std::move(held), "contacts", contact_columns());
    }

    bulk::simulator& eloqua() { return eloqua_; }
    std::set<std::string> const& late() const { return late_; }
    std::vector<std::string> const& complaints() const { return complaints_; }
    std::string summary() const {
        std::set<bulk::fault_kind> kinds;
        for (auto const& each : plan_.log())
            kinds.insert(each.what.kind);
        auto const hours =
            std::chrono::floor<std::chrono::hours>(eloqua_.service_time() - settings_.start - 22h);
        std::ostringstream text;
        text << "seed " << settings_.seed << ", times in filters read "
             << shown_zone(settings_.zone) << ": " << settings_.nights + 1 << " nights in "
             << hours.count() << " simulated hours; " << held_ << " rows compared, " << differences_
             << " differ; " << rows_ << " rows received in " << windows_.exported << " windows ("
             << windows_.halved << " halved) and " << exports_ << " exports of changes; "
             << imported_ << " rows imported, " << mended_ << " of them mended; " << late_.size()
             << " rows came late; " << seen_->waits << " waits for the governor; "
             << plan_.log().size() << " faults of " << kinds.size() << " kinds; " << kills_
             << " runs killed; " << lost_ << " connections to the database lost";
        for (auto const& [why, count] : ended_)
            text << ", " << count << " ended by '" << why << '\'';
        return text.str();
    }
    int ended() const {
        int all = 0;
        for (auto const& each : ended_)
            all += each.second;
        return all;
    }
    int kills() const { return kills_; }
    int lost() const { return lost_; }
    std::size_t faults() const { return plan_.log().size(); }
    std::size_t waits() const { return seen_->waits; }
    std::int64_t halved() const { return windows_.halved; }
    std::int64_t mended() const { return mended_; }

private:
    struct job {
        std::string name;
        std::function<std::optional<bulk::failure>()> run;
        int runs = 0;
    };
    /// Lets users of the instance work between the requests.
    class watcher final : public bulk::observer {
    public:
        explicit watcher(nights& of) : of_(of) {}
        void on_request(std::string_view) override { of_.go_on(); }
        void on_wait(std::string_view, bulk::clock::duration) override { ++waits; }

        std::size_t waits = 0;

    private:
        nights& of_;
    };

    static constexpr std::int64_t first_id = 1001;
    static constexpr std::int64_t exports_per_hour = 60, imports_per_hour = 8;
    static constexpr auto history = std::chrono::days(30);

    static bulk::simulator_options options_with(settings const& s) {
        bulk::simulator_options o;
        o.filter_times = s.zone;
        o.start_time = s.start + 22h;
        o.export_syncs_per_hour = exports_per_hour;
        o.import_syncs_per_hour = imports_per_hour;
        return o;
    }
    /// Those that a client survives, or after which another run can resume.
    static bulk::fault_rates rates() {
        bulk::fault_rates r;
        r.fail = 0.02;
        r.expire = 0.005;
        r.severe_error = 0.002;
        return r;
    }
    std::size_t below(std::size_t n) { return random_() % n; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }

    // The instance.

    void fill() {
        eloqua_.generate_contacts(400);
        bulk::timestamp const first = eloqua_.service_time() - history;
        for (activity_type const type : all_types()) {
            std::int64_t const count = 100 + static_cast<std::int64_t>(below(150));
            eloqua_.generate_activities(
                {type, count, first + 123ms, std::chrono::milliseconds(history) / count});
        }
    }
    std::string text() {
        static char const* const some[] = {"plain",      "",    "a\tb",   "C:\\new\\table",
                                           "two\nlines", "\\N", "Ça va?", "\"quoted\", 'twice'"};
        return some[below(std::size(some))];
    }
    void add_activity(activity_type type, std::chrono::milliseconds late) {
        // Chosen first, so that a seed gives the same run with every compiler.
        auto const person = static_cast<std::int64_t>(below(eloqua_.count("/contacts")));
        std::int64_t const contact = chance(5) ? 0 : first_id + person;
        bulk::string_map const values{
            {"AssetName", text()}, {"SubjectLine", text()}, {"RawData", text()}, {"Url", text()}};
        auto const id = eloqua_.add_activity(type, contact, values, eloqua_.service_time() - late);
        if (late > 0ms)
            late_.insert(eloqua_.value("/activities", id, "ExternalId"));
    }
    void add_late_activity(activity_type type) {
        auto const most = static_cast<std::size_t>(latest(type).count());
        add_activity(type, std::chrono::milliseconds(1 + below(most)));
    }
    void add_contact() {
        std::string const n = std::to_string(++people_);
        eloqua_.add_record(
            "/contacts", {{"C_EmailAddress", "new" + n + "@example.com"}, {"C_LastName", text()}});
    }
    activity_type any_type() {
        auto const all = all_types();
        return all[below(all.size())];
    }
    void go_on() {
        if (!working_)
            return;
        if (chance(20))
            add_activity(any_type(), 0ms);
        if (chance(40))
            add_late_activity(any_type());
        if (chance(100))
            add_contact();
    }
    void pass(int hours) {
        for (int i = 0; i != hours; ++i) {
            for (activity_type const type : all_types()) {
                if (chance(2))
                    add_activity(type, 0ms);
                if (chance(10))
                    add_late_activity(type);
            }
            add_contact();
            eloqua_.advance(1h);
        }
    }

    // The machine that exports.

    /// Kills the process before or after a request is carried out, or ends the session of its
    /// store before.
    std::optional<bulk::response> strike(bulk::request const& q) {
        if (striking_)
            return std::nullopt;
        if (chance(250)) {
            database_.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                          "application_name = '" +
                          database_.schema() +
                          "' AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')");
            cut_ = true;
        }
        if (!chance(150))
            return std::nullopt;
        striking_ = true;
        if (chance(2))
            (void)eloqua_.handle(q);
        striking_ = false;
        throw killed();
    }
    bulk::client client() {
        bulk::client_options o;
        o.retry.attempts = 3;
        o.governor = governor_;
        o.observer = seen_;
        o.seed = static_cast<std::uint32_t>(random_());
        o.accept_gzip = chance(2);
        return bulk::client(eloqua_, me, o);
    }
    bulk::client quiet_client() { return bulk::client(eloqua_, me); }

    /// Runs all jobs, and again those that fail, as a cron job does.
    void work(std::vector<job> all) {
        std::deque<job> left(std::move_iterator(all.begin()), std::move_iterator(all.end()));
        while (!left.empty()) {
            job now = std::move(left.front());
            left.pop_front();
            std::optional<bulk::failure> why;
            bool again = true;
            cut_ = false;
            try {
                why = now.run();
                again = why.has_value();
            } catch (killed const&) {
                ++kills_;
            } catch (bulk::error const& e) {
                why = e.get_failure();
            }
            if (why) {
                ++ended_[why->code.message()];
                bool const lost = has(why->message(), "PostgreSQL says");
                lost_ += lost;
                if (lost && !cut_)
                    complaints_.push_back("the database failed: " + why->message());
                bool const later = why->code == bulk::condition::try_later ||
                                   why->code == bulk::errc::outcome_unknown ||
                                   why->code == bulk::errc::sync_failed ||
                                   why->code == bulk::errc::sync_gone;
                if (!later || ++now.runs > 50) {
                    complaints_.push_back(now.name + ": " + why->message());
                    continue;
                }
            }
            if (again) {
                eloqua_.advance(std::chrono::minutes(below(10)));
                left.push_back(std::move(now));
            }
        }
    }

    /// All fields of activities of the type, as the instance lists them.
    static bulk::result<bulk::record_columns> columns_of(bulk::client const& client,
                                                         activity_type type) {
        auto const fields = client.fields(bulk::activities_of(type)).list().all().get();
        if (!fields)
            return fields.error();
        std::vector<bulk::record_column> made;
        for (auto const& each : *fields)
            made.push_back(
                bulk::statement_column(each.internalName.value(), each.statement.value()));
        return bulk::record_columns(std::move(made));
    }
    static bulk::record_columns const& contact_columns() {
        static bulk::record_columns const columns(
            {bulk::attribute_column("Id", "Id"), bulk::attribute_column("CreatedAt", "CreatedAt"),
             bulk::attribute_column("UpdatedAt", "UpdatedAt"),
             bulk::field_column("C_EmailAddress", "C_EmailAddress"),
             bulk::field_column("C_LastName", "C_LastName"),
             bulk::field_column("C_Address1", "C_Address1"),
             bulk::field_column("C_City", "C_City")});
        return columns;
    }
    static table_options table(std::string name, bulk::record_columns const& columns,
                               std::string key) {
        table_options made;
        made.table = name;
        for (std::size_t i = 0; i != columns.size(); ++i)
            made.columns.push_back(columns[i].key);
        made.subject = std::move(name);
        made.key = std::move(key);
        return made;
    }
    template <class Options>
    Options export_options() {
        Options o;
        o.page_rows = static_cast<std::int64_t>(10 + below(60));
        o.batch_rows = 10 + below(40);
        o.read_ahead = chance(2);
        o.rows = chance(3) ? bulk::rows_format::csv : bulk::rows_format::json;
        return o;
    }
    /// Clears the store after an error from which an export cannot resume.
    template <class Exported>
    std::optional<bulk::failure> end(postgres_sink& sink, Exported const& exported) {
        if (exported) {
            rows_ += exported->receipt.rows;
            return std::nullopt;
        }
        if (exported.error().code == bulk::errc::sync_gone)
            sink.clear().value();
        return exported.error();
    }

    std::optional<bulk::failure> export_history(activity_type type) {
        bulk::client const with = client();
        auto const columns = columns_of(with, type);
        if (!columns)
            return columns.error();
        table_options to = table(name_of(type), *columns, "ExternalId");
        to.replace_complete = false;
        postgres_sink sink(database_.where(), to);
        auto options = export_options<bulk::export_options>();
        bulk::time_windows const windows(began() - history, began(), 5 * 24h);
        options.windows = bulk::export_windows("ActivityDate", windows);
        options.window_rows = 30;
        auto const done = bulk::export_records_into(with, bulk::activities_of(type), *columns, sink,
                                                    bulk::all_rows, options)
                              .get();
        if (done && done->receipt.windows) {
            bulk::window_totals const& w = *done->receipt.windows;
            windows_.exported += w.exported;
            windows_.halved += w.halved;
            auto const wrong = settings_.zone == literal_zone::as_exported
                                   ? bulk::filter_zone::us_eastern
                                   : bulk::filter_zone::utc;
            if (w.zone == wrong)
                complaints_.push_back(name_of(type) + ": the wrong zone was concluded");
        }
        if (done && working_)
            add_late_activity(type);
        return end(sink, done);
    }
    std::optional<bulk::failure> export_changes(activity_type type) {
        bulk::client const with = client();
        auto const columns = columns_of(with, type);
        if (!columns)
            return columns.error();
        postgres_sink sink(database_.where(), table(name_of(type), *columns, "ExternalId"));
        bulk::mark_file mark(folder_ / (name_of(type) + ".mark"));
        auto options = export_options<bulk::export_changes_options>();
        options.overlap = settings_.overlap;
        // Activities of the time before the windows end may have been recorded after their export.
        options.start = began();
        if (!options.overlap)
            *options.start -= type == activity_type::Bounceback ? 72h : 1h;
        auto const done =
            bulk::export_changed_records_into(with, bulk::activities_of(type), *columns,
                                              "ActivityDate", sink, mark, bulk::all_rows, options)
                .get();
        if (done && done->key != "ExternalId")
            complaints_.push_back(name_of(type) + ": the key is '" + done->key + "'");
        exports_ += done.has_value();
        if (done && working_)
            add_late_activity(type);
        return end(sink, done);
    }
    std::optional<bulk::failure> export_contacts() {
        bulk::client const with = client();
        postgres_sink sink(database_.where(), table("contacts", contact_columns(), "Id"));
        bulk::mark_file mark(folder_ / "contacts.mark");
        auto const done = bulk::export_changed_records_into(
                              with, bulk::contacts, contact_columns(), "UpdatedAt", sink, mark,
                              bulk::all_rows, export_options<bulk::export_changes_options>())
                              .get();
        exports_ += done.has_value();
        return end(sink, done);
    }

    /// Writes into the database what the import of this night sends: new and existing contacts,
    /// and some whose address is not valid until it is mended.
    void change_contacts(int night) {
        std::string sql;
        std::set<std::string> once;
        auto const people = eloqua_.count("/contacts");
        for (int n = 0; n != 60; ++n) {
            std::string mail = "night" + std::to_string(night) + "." + std::to_string(n);
            if (chance(2))
                mail =
                    eloqua_.value("/contacts", first_id + static_cast<std::int64_t>(below(people)),
                                  "C_EmailAddress");
            else if (!chance(4))
                mail += "@example.com";
            if (mail.empty() || !once.insert(mail).second)
                continue;
            std::string const city = "City " + std::to_string(below(1'000));
            cities_[is_valid(mail) ? mail : mend(mail)] = city;
            bad_[night] += !is_valid(mail);
            sql += (sql.empty() ? "" : ", ") + ("(" + std::to_string(night)) + ", " +
                   std::to_string(n) + ", " + databases::literal(mail) + ", " +
                   databases::literal(city) + ")";
        }
        database_.run("INSERT INTO crm VALUES " + sql);
    }
    static bool is_valid(std::string const& mail) { return mail.find('@') != mail.npos; }
    static std::string mend(std::string const& mail) { return mail + "@example.com"; }

    std::optional<bulk::failure> import_contacts(int night) {
        std::string const name = std::to_string(night);
        bulk::record_columns const columns({bulk::field_column("C_EmailAddress", "C_EmailAddress"),
                                            bulk::field_column("C_City", "C_City")});
        auto const from = database_.read("SELECT mail AS \"C_EmailAddress\", city AS \"C_City\" "
                                         "FROM crm WHERE night = " +
                                         name + " ORDER BY n");
        bulk::import_options options;
        options.allow_complete = true;
        options.request_bytes = 1'000;
        options.requests_per_sync = 2;
        options.journal = bulk::open_import_journal(folder_ / (name + ".journal")).value();
        bulk::client const with = client();
        auto const first = with.import_records(bulk::contacts, columns, "C_EmailAddress",
                                               from->records(columns), options)
                               .get();
        if (!first)
            return first.error();
        first->require_proven();
        auto mended = first->retry_set();
        if (std::ssize(mended.rows) != bad_[night] || !mended.without_row.empty())
            complaints_.push_back("import: " + std::to_string(mended.size()) + " rejects, not " +
                                  std::to_string(bad_[night]));
        for (bulk::record& each : mended.rows)
            each["C_EmailAddress"] = mend(each["C_EmailAddress"]);
        options.journal = bulk::open_import_journal(folder_ / (name + ".mended.journal")).value();
        auto const second =
            with.import_records(bulk::contacts,
                                mended.rows.empty() ? columns : mended.rows[0].columns(),
                                "C_EmailAddress", mended.rows, options)
                .get();
        if (!second)
            return second.error();
        second->require_proven();
        if (second->rejected != 0)
            complaints_.push_back("import: a mended row was rejected");
        imported_ += first->rows + second->rows;
        mended_ += second->rows;
        return std::nullopt;
    }
    void check_imports() {
        for (auto const& [mail, city] : cities_) {
            auto const found = eloqua_.find("/contacts", "C_EmailAddress", mail);
            if (found.size() != 1)
                complaints_.push_back(mail + " is there " + std::to_string(found.size()) +
                                      " times");
            else if (eloqua_.value("/contacts", found[0], "C_City") != city)
                complaints_.push_back(mail + " has another city");
        }
    }

    // The comparison.

    texts held_by(std::string const& path, std::int64_t id, bulk::record_columns const& columns) {
        texts made;
        for (std::size_t i = 0; i != columns.size(); ++i)
            made.push_back(eloqua_.value(path, id, columns[i].key));
        return made;
    }
    difference differences(std::vector<texts> held, std::string const& name,
                           bulk::record_columns const& columns) {
        std::string list;
        for (std::size_t i = 0; i != columns.size(); ++i)
            list += (i == 0 ? "" : ", ") + databases::quoted(columns[i].key);
        std::vector<texts> stored;
        auto const rows = database_.read("SELECT " + list + " FROM " + databases::quoted(name));
        for (texts row; rows->next(row);)
            stored.push_back(row);
        held_ += held.size();
        std::ranges::sort(held);
        std::ranges::sort(stored);
        difference found;
        std::ranges::set_difference(held, stored, std::back_inserter(found.missing));
        std::ranges::set_difference(stored, held, std::back_inserter(found.surplus));
        differences_ += found.missing.size() + found.surplus.size();
        return found;
    }
    /// When the windows end: when the first night began.
    std::chrono::sys_seconds began() const { return settings_.start + 22h; }

    settings settings_;
    std::mt19937_64 random_;
    bulk::simulator eloqua_;
    bulk::fault_plan plan_;
    postgres database_;
    std::filesystem::path folder_;
    std::shared_ptr<bulk::governor> governor_;
    std::shared_ptr<watcher> seen_;
    bool working_ = false; ///< whether users of the instance work
    bool striking_ = false;
    bool cut_ = false; ///< whether a session of the store was ended during this run
    int people_ = 0;
    std::set<std::string> late_;                ///< external ids of activities that came late
    std::map<std::string, std::string> cities_; ///< by address, as imported
    std::map<int, std::ptrdiff_t> bad_;         ///< addresses that are not valid, by night
    std::map<std::string, int> ended_;          ///< runs, by the reason
    std::vector<std::string> complaints_;
    bulk::window_totals windows_;
    std::int64_t rows_ = 0, imported_ = 0, mended_ = 0;
    std::size_t held_ = 0, differences_ = 0;
    int exports_ = 0, kills_ = 0, lost_ = 0;
};

std::string shown(std::vector<texts> const& rows) {
    std::string all = std::to_string(rows.size()) + " rows";
    for (std::size_t i = 0; i != std::min<std::size_t>(rows.size(), 3); ++i) {
        all += "\n ";
        for (std::string const& each : rows[i])
            all += " | " + each;
    }
    return all;
}

/// In spring and in autumn, in each reading of times in filters.
settings of_seed(std::uint64_t seed) {
    constexpr literal_zone zones[] = {literal_zone::us_eastern, literal_zone::as_exported,
                                      literal_zone::us_eastern_standard};
    settings s;
    s.seed = seed;
    s.zone = zones[seed % 3];
    bool const spring = (seed / 3 + (seed % 3 == 0)) % 2 == 1;
    s.start = spring ? sys_days(2025y / 3 / 6) : sys_days(2025y / 10 / 30);
    return s;
}

/// The seeds to run: this many, or those of the command line.
std::vector<std::uint64_t> seeds(std::uint64_t count) {
    auto const& suite = boost::unit_test::framework::master_test_suite();
    std::uint64_t first = 0;
    for (int i = 1; i + 1 < suite.argc; ++i) {
        std::string const word = suite.argv[i];
        if (word == "--seeds")
            count = std::stoull(suite.argv[i + 1]);
        if (word == "--seed") {
            first = std::stoull(suite.argv[i + 1]);
            count = 1;
        }
    }
    std::vector<std::uint64_t> all(count);
    std::ranges::generate(all, [&] { return first++; });
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(nightly)

BOOST_AUTO_TEST_CASE(the_database_equals_the_instance) {
    for (std::uint64_t const seed : seeds(3))
        BOOST_TEST_CONTEXT("seed " << seed) {
            nights all(of_seed(seed));
            all.run();
            for (std::string const& each : all.complaints())
                BOOST_ERROR(each);
            auto const check = [](std::string const& name, difference const& found) {
                BOOST_TEST(found.missing.empty(), name << " lacks " << shown(found.missing));
                BOOST_TEST(found.surplus.empty(), name << " also has " << shown(found.surplus));
            };
            check("contacts", all.compare_contacts());
            for (activity_type const type : all_types())
                check(name_of(type), all.compare(type));
            BOOST_TEST(all.eloqua().syncs_over_limit() == 0u);
            BOOST_TEST(all.eloqua().overlapping_activity_exports() == 0u);
            // It was difficult.
            BOOST_TEST(all.faults() > 100u);
            BOOST_TEST(all.ended() > 0);
            BOOST_TEST(all.kills() > 2);
            BOOST_TEST(all.lost() > 0);
            BOOST_TEST(all.waits() > 0u);
            BOOST_TEST(all.halved() > 0);
            BOOST_TEST(all.mended() > 0);
            BOOST_TEST(all.late().size() > 50u);
            std::cout << all.summary() << std::endl;
        }
}

BOOST_AUTO_TEST_CASE(without_an_overlap_late_rows_are_missing) {
    settings s = of_seed(0);
    s.overlap = 0s;
    s.nights = 3;
    nights all(s);
    all.run();
    std::size_t missing = 0;
    for (activity_type const type : all_types()) {
        difference const found = all.compare(type);
        BOOST_TEST(found.surplus.empty(), shown(found.surplus));
        missing += found.missing.size();
        for (texts const& row : found.missing)
            BOOST_TEST(std::ranges::any_of(
                           row, [&](std::string const& each) { return all.late().contains(each); }),
                       "a row is missing that was in time: " << shown({row}));
    }
    BOOST_TEST(missing > 0u);
    std::cout << "without an overlap: " << missing << " rows are missing, all of them late"
              << std::endl;
}

BOOST_AUTO_TEST_SUITE_END()
