"""What a stage cannot take is kept, and somebody is told: queues, what they feed, what fills them, their alarms."""

from typing import Any

import pytest

from tests.template.deployed import OPTIONS, STACK, deployed, target

SYSTEM = deployed("prod", **OPTIONS)
QUEUES = SYSTEM.of_type("AWS::SQS::Queue")
TOPICS = SYSTEM.of_type("AWS::SNS::Topic")
FUNCTIONS = SYSTEM.of_type("AWS::Lambda::Function")
ALIASES = SYSTEM.of_type("AWS::Lambda::Alias")
ALARMS = SYSTEM.of_type("AWS::CloudWatch::Alarm")
FED_BY_QUEUE = {
    name: each
    for name, each in SYSTEM.of_type("AWS::Lambda::EventSourceMapping").items()
    if target(each["EventSourceArn"]) in QUEUES
}
SOURCES = {target(each["EventSourceArn"]): mapping for mapping, each in FED_BY_QUEUE.items()}
TO_QUEUES = {name: each for name, each in SYSTEM.of_type("AWS::SNS::Subscription").items() if each["Protocol"] == "sqs"}
UNROUTED = "TopicsUnrouted"
"""What no stage subscribes to."""
SUBSCRIPTIONS = {name: each for name, each in TO_QUEUES.items() if target(each["Endpoint"]) != UNROUTED}
OF_SCHEDULES = {
    target(each["DestinationConfig"]["OnFailure"]["Destination"])
    for each in SYSTEM.of_type("AWS::Lambda::EventInvokeConfig").values()
}
"""What Lambda, and schedules, could not do: they do not send to FIFO queues."""
FOURTEEN_DAYS = 14 * 24 * 3600
AT_ONCE = {
    "DarkPoolMatchingEngineMapping": 100,
    "LitPoolMatchingEngineMapping": 100,
    "PostTradeProcessorMapping": 200,
    "MarketDataMapping": 50,
    "LiveUpdatesMapping": 50,
    "LiveMarketMapping": 50,
}
"""Groups, of tickers or customers, that are worked at the same time."""
ACCOUNT = 1000
"""Functions that an account runs at once, unless AWS set another limit."""


def dead_letters(properties: dict[str, Any]) -> str:
    return target(properties["RedrivePolicy"]["deadLetterTargetArn"])


def alarms_on(queue: str) -> set[str]:
    """The metrics of a queue that have an alarm."""
    dimension = [{"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}]
    return {each["MetricName"] for each in ALARMS.values() if each.get("Dimensions") == dimension}


def function_of(mapping: str) -> dict[str, Any]:
    """The function whose alias a mapping calls."""
    return FUNCTIONS[target(ALIASES[target(FED_BY_QUEUE[mapping]["FunctionName"])]["FunctionName"])]


def test_queues_either_feed_a_function_or_take_what_could_not_be_delivered_or_processed() -> None:
    dead = {dead_letters(QUEUES[queue]) for queue in SOURCES} | {dead_letters(each) for each in SUBSCRIPTIONS.values()}
    assert len(SOURCES) == len(SUBSCRIPTIONS) == 6
    assert dead | set(SOURCES) | OF_SCHEDULES | {UNROUTED} == set(QUEUES)
    assert len(dead) == len(SOURCES) + len(SUBSCRIPTIONS)
    assert not dead & set(SOURCES)


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_has_an_alarm_on_what_must_not_stay_in_it(queue: str) -> None:
    expected = "ApproximateAgeOfOldestMessage" if queue in SOURCES else "ApproximateNumberOfMessagesVisible"
    assert alarms_on(queue) == {expected}


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_is_fifo_but_those_of_schedules_and_keeps_messages_as_long_as_sqs_does(queue: str) -> None:
    fifo = queue not in OF_SCHEDULES
    assert QUEUES[queue]["QueueName"].endswith(".fifo") is fifo
    assert QUEUES[queue].get("FifoQueue", False) is fifo
    assert "ContentBasedDeduplication" not in QUEUES[queue]
    assert QUEUES[queue]["MessageRetentionPeriod"] == FOURTEEN_DAYS


@pytest.mark.parametrize("queue", SOURCES)
def test_a_queue_that_feeds_a_function_holds_up_a_group_and_no_other(queue: str) -> None:
    assert QUEUES[queue]["DeduplicationScope"] == "messageGroup"
    assert QUEUES[queue]["FifoThroughputLimit"] == "perMessageGroupId"


@pytest.mark.parametrize("queue", SOURCES)
def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_take_and_no_longer(queue: str) -> None:
    """So AWS asks for. When a function dies, its groups wait for as long."""
    assert QUEUES[queue]["VisibilityTimeout"] == 6 * function_of(SOURCES[queue])["Timeout"]


@pytest.mark.parametrize("mapping", FED_BY_QUEUE)
def test_a_function_takes_full_batches_at_once_and_reports_what_failed(mapping: str) -> None:
    each = dict(FED_BY_QUEUE[mapping])
    assert target(each.pop("FunctionName")) in ALIASES
    assert target(each.pop("EventSourceArn")) in QUEUES
    assert each == {
        "BatchSize": 10,
        "ScalingConfig": {"MaximumConcurrency": AT_ONCE[mapping]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }


def test_queues_leave_three_tenths_of_an_accounts_concurrency_to_the_others() -> None:
    questions = FUNCTIONS["DataExtractor"]["ReservedConcurrentExecutions"]
    assert sum(AT_ONCE.values()) + questions <= ACCOUNT * 7 // 10
    assert OPTIONS.keys().isdisjoint({"AlarmAtConcurrency"})
    assert ALARMS["ConcurrencyAlarm"]["Threshold"] == ACCOUNT * 4 // 5


def test_no_more_requests_come_at_once_than_an_account_has_functions() -> None:
    [stage] = SYSTEM.of_type("AWS::ApiGateway::Stage").values()
    [limits] = stage["MethodSettings"]
    assert limits["ThrottlingBurstLimit"] <= ACCOUNT


@pytest.mark.parametrize("queue", SOURCES)
def test_a_function_is_given_the_queue_that_feeds_it_and_the_one_for_what_it_dead_letters(queue: str) -> None:
    variables = function_of(SOURCES[queue])["Environment"]["Variables"]
    assert variables["QUEUE"] == {"Ref": queue}
    assert variables["DEAD_LETTER_QUEUE"] == {"Ref": dead_letters(QUEUES[queue])}


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
def test_a_topic_delivers_messages_as_they_are_to_a_queue_that_lets_it(name: str) -> None:
    each = SUBSCRIPTIONS[name]
    [policy] = [
        policy
        for policy in SYSTEM.of_type("AWS::SQS::QueuePolicy").values()
        if {"Ref": target(each["Endpoint"])} in policy["Queues"]
    ]
    queues = [target(each["Endpoint"]), dead_letters(each)]
    assert each["RawMessageDelivery"] is True
    assert policy["Queues"] == [{"Ref": queue} for queue in queues]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": [{"Fn::GetAtt": [queue, "Arn"]} for queue in queues],
            "Condition": {"ArnEquals": {"aws:SourceArn": each["TopicArn"]}},
        }
    ]


def test_all_topics_deliver_what_no_stage_subscribes_to() -> None:
    others = {name: each for name, each in TO_QUEUES.items() if name not in SUBSCRIPTIONS}
    [policy] = [
        each for each in SYSTEM.of_type("AWS::SQS::QueuePolicy").values() if each["Queues"] == [{"Ref": UNROUTED}]
    ]
    [statement] = policy["PolicyDocument"]["Statement"]
    topics = [{"Ref": f"{name}Topic"} for name in ("Orders", "Trades", "Market", "Quotes")]
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"] == topics
    assert sorted(each["TopicArn"]["Ref"] for each in others.values()) == sorted(each["Ref"] for each in topics)
    assert statement["Resource"] == {"Fn::GetAtt": [UNROUTED, "Arn"]}
    assert all(each["RawMessageDelivery"] for each in others.values())


RULES = SYSTEM.of_type("AWS::Events::Rule")
STRIKES = {
    "ArchiveCompactorNight": "cron(40 0 * * ? *)",
    "ReconcilerNight": "cron(0 1 * * ? *)",
    "SessionCloseHalfHourly": "cron(0/30 * * * ? *)",
    "SettlementHourly": "cron(30 * * * ? *)",
}


def test_schedules_strike_when_they_are_to() -> None:
    assert {name: each["ScheduleExpression"] for name, each in RULES.items()} == STRIKES


@pytest.mark.parametrize("name", RULES)
def test_a_schedule_that_fails_leaves_its_event_where_it_may(name: str) -> None:
    [event_target] = RULES[name]["Targets"]
    failed = target(event_target["DeadLetterConfig"]["Arn"])
    assert failed in OF_SCHEDULES
    [attempts] = [
        each
        for each in SYSTEM.of_type("AWS::Lambda::EventInvokeConfig").values()
        if target(each["DestinationConfig"]["OnFailure"]["Destination"]) == failed
    ]
    assert target(attempts["FunctionName"]) == target(ALIASES[target(event_target["Arn"])]["FunctionName"])
    assert (attempts["Qualifier"], attempts["MaximumRetryAttempts"]) == ("live", 2)
    [policy] = [
        each for each in SYSTEM.of_type("AWS::SQS::QueuePolicy").values() if each["Queues"] == [{"Ref": failed}]
    ]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Resource"] == {"Fn::GetAtt": [failed, "Arn"]}
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}


@pytest.mark.parametrize("name", RULES)
def test_a_schedule_that_does_not_strike_has_an_alarm(name: str) -> None:
    [event_target] = RULES[name]["Targets"]
    stage = target(ALIASES[target(event_target["Arn"])]["FunctionName"])
    alarm = ALARMS[f"{stage}MissedAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Events", "Invocations", "Sum")
    assert alarm["Dimensions"] == [{"Name": "RuleName", "Value": {"Ref": name}}], "a call by hand is no strike"
    assert "EventBusName" not in RULES[name], "the metric of another bus has a second dimension"
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "LessThanThreshold")
    hours = 24 if RULES[name]["ScheduleExpression"].split()[1].isdigit() else 1
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, hours + 1)
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 7 * 24 * 3600, "CloudWatch looks no further back"


@pytest.mark.parametrize("table", SYSTEM.of_type("AWS::DynamoDB::Table"))
@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_a_table_that_refuses_again_and_again_has_an_alarm(table: str, kind: str) -> None:
    alarm = ALARMS[f"{table}{kind}ThrottlesAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/DynamoDB", f"{kind}ThrottleEvents")
    assert alarm["Dimensions"] == [{"Name": "TableName", "Value": {"Ref": table}}]
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (3, 5, 0)


def test_the_account_the_api_and_what_orders_wait_for_have_alarms_that_tell_of_more_than_one_straggler() -> None:
    watched = {
        name: (each["Namespace"], each["MetricName"], each.get("Statistic") or each["ExtendedStatistic"])
        for name, each in ALARMS.items()
    }
    assert watched["ThrottlesAlarm"] == ("AWS/Lambda", "Throttles", "Sum")
    assert watched["ConcurrencyAlarm"] == ("AWS/Lambda", "ClaimedAccountConcurrency", "Maximum")
    assert watched["ApiLatencyAlarm"] == ("AWS/ApiGateway", "Latency", "p99")
    assert watched["MatchingLatencyAlarm"] == (STACK, "MatchingLatency", "p90")
    assert watched["PostTradeProcessorLatencyAlarm"] == (STACK, "BookingLatency", "p90")
    for name in ("ThrottlesAlarm", "ConcurrencyAlarm"):
        assert "Dimensions" not in ALARMS[name], "of the whole account"


@pytest.mark.parametrize("mapping", FED_BY_QUEUE)
def test_a_stage_that_fails_again_and_again_has_an_alarm_though_its_function_raises_nothing(mapping: str) -> None:
    stage = mapping.removesuffix("Mapping")
    metric = SYSTEM.resources[f"{stage}FailuresMetric"]["Properties"]
    [made] = metric["MetricTransformations"]
    alarm = ALARMS[f"{stage}FailuresAlarm"]
    assert metric["LogGroupName"] == {"Ref": f"{stage}Logs"}
    assert "Dimensions" not in made
    assert (alarm["Namespace"], alarm["MetricName"]) == (made["MetricNamespace"], made["MetricName"])
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (3, 5, 0)


def test_breaks_that_a_reconciliation_finds_have_an_alarm() -> None:
    [transformation] = SYSTEM.resources["ReconcilerBreaksMetric"]["Properties"]["MetricTransformations"]
    alarm = ALARMS["ReconcilerBreaksAlarm"]
    assert transformation["MetricValue"] == "$.breaks"
    assert alarm["Namespace"] == transformation["MetricNamespace"]
    assert alarm["MetricName"] == transformation["MetricName"]


def test_only_mail_is_subscribed_without_a_queue() -> None:
    others = [each for each in SYSTEM.of_type("AWS::SNS::Subscription").values() if each["Protocol"] != "sqs"]
    assert others == [{"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": OPTIONS["AlarmEmail"]}]


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - {"AlarmTopic"}))
def test_every_topic_of_messages_is_fifo_and_leaves_deduplication_to_its_publisher(topic: str) -> None:
    assert TOPICS[topic]["TopicName"].endswith(".fifo")
    assert TOPICS[topic]["FifoTopic"] is True
    assert TOPICS[topic]["FifoThroughputScope"] == "MessageGroup"
    assert TOPICS[topic]["ContentBasedDeduplication"] is False


@pytest.mark.parametrize("alarm", ALARMS)
def test_every_alarm_says_what_is_wrong_and_is_sent_by_mail_if_there_is_an_address(alarm: str) -> None:
    assert ALARMS[alarm]["AlarmDescription"]
    missed = alarm.endswith("MissedAlarm")
    assert ALARMS[alarm]["TreatMissingData"] == ("breaching" if missed else "notBreaching")
    assert ALARMS[alarm]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert "AlarmActions" not in deployed("prod").resources[alarm]["Properties"]


def test_without_an_address_there_is_no_topic_for_alarms() -> None:
    assert {"AlarmTopic", "AlarmSubscription"} & set(deployed("prod").resources) == set()
