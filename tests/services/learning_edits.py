"""Edits as people make them, and what is to be learned from each: the table of 40 that was written
before the code, and 20 more written after it, which nothing was tuned on."""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    """`learned` are pairs of what was meant and what was heard. `others` are other lines of the
    meeting, `speakers` who spoke in it."""

    before: str
    after: str
    learned: tuple[tuple[str, str], ...] = ()
    way: str = "transcript"
    others: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


FIRST = (
    # Something to learn.
    Edit(
        "이번 분기에 쿠버 넷이스를 도입하기로 했습니다.",
        "이번 분기에 쿠버네티스를 도입하기로 했습니다.",
        (("쿠버네티스", "쿠버 넷이스"),),
    ),
    Edit(
        "김치우 대리가 견적을 받아 보기로 했습니다.",
        "김지우 대리가 견적을 받아 보기로 했습니다.",
        (("김지우", "김치우"),),
    ),
    Edit(
        "래디스 캐시를 비우고 다시 배포하죠.",
        "레디스 캐시를 비우고 다시 배포하죠.",
        (("레디스", "래디스"),),
    ),
    Edit(
        "We should move the alerts to Griffon a before Friday.",
        "We should move the alerts to Grafana before Friday.",
        (("Grafana", "Griffon a"),),
    ),
    Edit(
        "The pods run on cooper netties now.",
        "The pods run on Kubernetes now.",
        (("Kubernetes", "cooper netties"),),
    ),
    Edit(
        "post gress 쪽 마이그레이션은 다음 주에 끝납니다.",
        "Postgres 쪽 마이그레이션은 다음 주에 끝납니다.",
        (("Postgres", "post gress"),),
    ),
    Edit("지라에 티켓을 남겨 주세요.", "Jira에 티켓을 남겨 주세요.", (("Jira", "지라"),)),
    Edit(
        "에이피아이 문서는 제가 정리하겠습니다.",
        "API 문서는 제가 정리하겠습니다.",
        (("API", "에이피아이"),),
    ),
    Edit(
        "I talked to Jon Smyth about the contract.",
        "I talked to John Smith about the contract.",
        (("John Smith", "Jon Smyth"),),
    ),
    Edit(
        "나래택이랑 계약을 갱신할 예정입니다.",
        "나래텍이랑 계약을 갱신할 예정입니다.",
        (("나래텍", "나래택"),),
    ),
    Edit(
        "박민오 과장님이 고객사에 견적을 보낸다.",
        "박민호 과장님이 고객사에 견적을 보낸다.",
        (("박민호", "박민오"),),
        way="minutes",
    ),
    Edit(
        "태라폼으로 인프라를 옮깁니다.",
        "테라폼으로 인프라를 옮깁니다.",
        (("테라폼", "태라폼"),),
    ),
    Edit(
        "Let's ask Pria to review the sonar cube report.",
        "Let's ask Priya to review the SonarQube report.",
        (("Priya", "Pria"), ("SonarQube", "sonar cube")),
    ),
    Edit(
        "옵스 지니 알림이 너무 많아요.",
        "Opsgenie 알림이 너무 많아요.",
        (("Opsgenie", "옵스 지니"),),
    ),
    Edit(
        "The invoice goes to Acme and we copy Knock.",
        "The invoice goes to Acme and we copy Ngoc.",
        (("Ngoc", "Knock"),),
        way="minutes",
    ),
    Edit(
        "엘라스틱 서치 인덱스를 새로 만들고 있어요.",
        "Elasticsearch 인덱스를 새로 만들고 있어요.",
        (("Elasticsearch", "엘라스틱 서치"),),
    ),
    Edit(
        "피그만에 올린 시안을 봐 주세요.",
        "피그마에 올린 시안을 봐 주세요.",
        (("피그마", "피그만"),),
    ),
    Edit(
        "씨아이씨디 파이프라인을 고쳐야 합니다.",
        "CI/CD 파이프라인을 고쳐야 합니다.",
        (("CI/CD", "씨아이씨디"),),
    ),
    Edit(
        "발표는 이소윤 님이 맡기로 했습니다. [4]",
        "발표는 이서윤 님이 맡기로 했습니다. [4]",
        (("이서윤", "이소윤"),),
        way="minutes",
    ),
    Edit(
        "We built the Lamma index prototype last week.",
        "We built the LlamaIndex prototype last week.",
        (("LlamaIndex", "Lamma index"),),
    ),
    # Nothing to learn.
    Edit("그건 나중에 하죠.", "그 작업은 다음에 진행하겠습니다."),  # said in other words
    Edit("회이를 시작하겠습니다.", "회의를 시작하겠습니다."),  # a slip in a common word
    Edit("네 좋습니다 그럼 금요일까지", "네, 좋습니다. 그럼 금요일까지."),  # punctuation
    Edit("예산은 삼천만 원입니다.", "예산은 사천만 원입니다."),  # a number
    Edit("12월 3일에 출시합니다.", "12월 13일에 출시합니다."),  # a date
    Edit("그 기능은 넣기로 했습니다.", "그 기능은 안 넣기로 했습니다."),  # a negation
    Edit("음 그 어 그러니까 다음 주에 봅시다.", "다음 주에 봅시다."),  # left out
    Edit("내일 배포를 김지우 대리가 합니다.", "김지우 대리가 내일 배포를 합니다."),  # order
    Edit("We recieve the goods on Monday.", "We receive the goods on Monday."),
    Edit("Their going to sign on Monday.", "They're going to sign on Monday."),
    Edit("The team have decide to wait.", "The team has decided to wait.", way="minutes"),
    Edit("결재 금액을 다시 확인해 주세요.", "결제 금액을 다시 확인해 주세요."),  # two common words
    Edit("Let's meet on Tuesday.", "Let's meet on Thursday."),
    Edit("쿠버 네티스를 씁니다.", "쿠버네티스를 씁니다."),  # a blank
    Edit("제가 확인할게요.", "제가 확인하겠습니다.", way="minutes"),  # an ending
    Edit("보고서를 보냅니다.", "월간 보고서를 고객사에 보냅니다.", way="minutes"),  # more
    Edit("이걸로 햇으면 좋겠어요.", "이걸로 했으면 좋겠어요."),
    Edit("매출이 줄었습니다.", "매출이 늘었습니다."),  # the opposite
    Edit("그건 박민호 과장이 합니다.", "그건 최유진 과장이 합니다."),  # somebody else
    Edit("2026-11-22까지 견적을 보낸다.", "11월 22일까지 견적을 보낸다.", way="minutes"),  # a style
)

SECOND = (
    # Something to learn.
    Edit(
        "그건 최유징 팀장님께 여쭤봐야 합니다.",
        "그건 최유진 팀장님께 여쭤봐야 합니다.",
        (("최유진", "최유징"),),
    ),
    Edit(
        "슬랙 말고 팀즈에 매터 모스트 채널을 연결하죠.",
        "슬랙 말고 팀즈에 Mattermost 채널을 연결하죠.",
        (("Mattermost", "매터 모스트"),),
    ),
    Edit(
        "We are migrating from Red Shift to snow flick this quarter.",
        "We are migrating from Red Shift to Snowflake this quarter.",
        (("Snowflake", "snow flick"),),
    ),
    Edit(
        "프로메테우스랑 그라파나로 보는데 알람은 페이저 듀티예요.",
        "프로메테우스랑 그라파나로 보는데 알람은 PagerDuty예요.",
        (("PagerDuty", "페이저 듀티"),),
    ),
    Edit(
        "Can Shivon send the deck to Okonjo by Thursday?",
        "Can Siobhan send the deck to Okonkwo by Thursday?",
        (("Siobhan", "Shivon"), ("Okonkwo", "Okonjo")),
    ),
    Edit(
        "케이피아이는 다음 주에 다시 정하겠습니다.",
        "KPI는 다음 주에 다시 정하겠습니다.",
        (("KPI", "케이피아이"),),
    ),
    Edit(
        "한울소푸트와 맺은 계약은 연말에 끝난다.",
        "한울소프트와 맺은 계약은 연말에 끝난다.",
        (("한울소프트", "한울소푸트"),),
        way="minutes",
    ),
    Edit(
        "The engine x config is in the repo.",
        "The nginx config is in the repo.",
        (("nginx", "engine x"),),
    ),
    Edit(
        "정하윤 씨가 견적을, 문태오 씨가 일정을 맡습니다.",
        "정하윤 씨가 견적을, 문태호 씨가 일정을 맡습니다.",
        (("문태호", "문태오"),),
    ),
    Edit(
        "어제 아르고 씨디 배포가 실패했어요.",
        "어제 Argo CD 배포가 실패했어요.",
        (("Argo CD", "아르고 씨디"),),
    ),
    # Nothing to learn.
    Edit("다음 회의는 수요일이에요.", "다음 회의는 목요일이에요."),
    Edit("담당자를 정해야 되요.", "담당자를 정해야 돼요."),
    Edit("It will effect the whole schedule.", "It will affect the whole schedule."),
    Edit("저희가 검토해 보고 말씀드릴게요.", "저희가 살펴보고 알려 드리겠습니다."),
    Edit("We can ship it in May.", "We can't ship it in May."),
    Edit("금일 오후에 배포 예정.", "오늘 오후에 배포합니다.", way="minutes"),
    Edit("이번 주에 계약서를 검도합니다.", "이번 주에 계약서를 검토합니다."),  # a common word
    Edit("Then we loose the discount.", "Then we lose the discount."),
    Edit(
        "이서윤 님이 보고서를 씁니다.",
        "이서준 님이 보고서를 씁니다.",  # somebody else who was there
        speakers=("이서윤", "이서준"),
    ),
    Edit("서버를 두 대 늘립니다.", "서버를 세 대 늘립니다."),
)
